#!/bin/bash
# Boots a Debian root file system, works in it, and checks what Hindsight promises of disks.
set -uo pipefail
export LC_ALL=C

usage() {
  cat <<END
Usage: run.sh [IMAGE]

With no IMAGE, make.sh makes one first (as root). Then, one after another:

  session     boots IMAGE, does what session.script says, compares what it prints
  replay      replays that; the state hash must be the same
  changed     replays with one byte of the image changed; must be refused
  packed      packs, moves the image away, unpacks elsewhere, replays
  fsck        writes and deletes files from the initial RAM disk, then e2fsck -fn in the guest
  qemu        the same session under QEMU (if installed); compares failed units and warnings

and prints a line for each. GUEST (default debian-cloud-amd64) in the environment names the kernel, CPU
(default v2) the model. KEEP names a directory that keeps logs. It takes half an hour.

Exit status: 0 if all is as it should be, else 1; 2 if called wrongly.
END
}

case ${1:-} in
  -h | --help) usage && exit 0 ;;
  -*) usage >&2 && exit 2 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
hindsight=$here/../../hindsight
work=${KEEP:-$(mktemp -d)}
mkdir -p "$work" || exit 2
work=$(cd "$work" && pwd)
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
failures=0

# what a run was, in numbers
stat() { sed -n "s/.*\"$1\" : \"\{0,1\}\([^\",]*\).*/\1/p" "$2"; }
line() { printf '%-10s %-7s %s\n' "$@"; }
# NAME DETAIL COMMAND...: a line that says whether the command succeeds
check() {
  local name=$1 detail=$2
  shift 2
  if "$@"; then
    line "$name" ok "$detail"
  else
    failures=$((failures + 1))
    line "$name" FAILED "$detail"
  fi
}
same() { [ -n "$1" ] && [ "$1" = "$2" ]; }
# What the session printed: no carriage returns, no control sequences.
text() { tr -d '\r' <"$1" | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g'; }
# Reads all: where grep -q stops early, the pipe's writer is killed, and pipefail calls that a failure.
printed() { text "$work/session.log" | grep -E -- "$1" >/dev/null; }
# Kernel lines of level "warning" and worse, without times.
complaints() { text "$1" | sed -n '/dmesg -l warn/,/^dmesg ends/s/^\[[^]]*\] //p' | sort -u; }
# What systemctl lists between its answer and the boot's times.
failed_units() { text "$1" | sed -n '/^\(running\|degraded\)$/,/^Startup finished/p' | sed '1d;$d'; }

# SCRIPT LOG COMMAND...: runs a command with a console as `hindsight run --script` does.
converse() {
  local script=$1 log=$2 wait type seen c
  shift 2
  coproc console { exec "$@" 2>&1; }
  local pid=$console_PID
  # Bash closes its own descriptors when the command ends, even if not all was read.
  exec 4<&"${console[0]}" 5>&"${console[1]}"
  while IFS= read -r step; do
    wait=${step%% => *} type=${step#* => } seen=
    while [[ $seen != *"$wait"* ]]; do
      IFS= read -r -N 1 -t 600 -u 4 c || break 2
      printf %s "$c" >&3
      seen+=$c
      [ ${#seen} -lt 1000 ] || seen=${seen: -100}
    done
    sleep 1
    printf '%s\r' "${type//\\\\/\\}" >&5
  done 3>"$log" < <(grep ' => ' "$script")
  cat <&4 >>"$log"
  exec 4<&- 5>&-
  wait "$pid" 2>/dev/null
}

files=$("$hindsight" guest get "${GUEST:-debian-cloud-amd64}") || exit 1
kernel=$(sed -n 's/^kernel //p' <<<"$files") initrd=$(sed -n 's/^initrd //p' <<<"$files")
append='console=ttyS0 hindsight.root=/dev/vda'
image=$work/disk.img
[ ! -e "$image" ] || { echo "run.sh: $image exists already." >&2; exit 2; }
if [ $# -gt 0 ]; then
  cp --sparse=always "$1" "$image" || exit 2
else
  "$here/make.sh" "$image" || exit 1
fi
digest() { sha256sum <"$image"; }
before=$(digest)
run() { # NAME APPEND [OPTION...]
  local name=$1 append=$2
  shift 2
  "$hindsight" run --kernel "$kernel" --initrd "$initrd" --disk "$image" --append "$append" \
    --memory 512M --cpu "${CPU:-v2}" --record "$work/$name" --stats "$work/$name.json" "$@" \
    </dev/null >"$work/$name.log" 2>"$work/$name.err"
}
replay() { # NAME RECORDING
  "$hindsight" replay "$2" --stats "$work/$1.json" </dev/null >"$work/$1.log" 2>"$work/$1.err"
}
cost() {
  echo "$(stat instructions "$1") instructions, $(stat virtualSeconds "$1") virtual s," \
    "$(stat hostCpuSeconds "$1") CPU s, hash $(stat stateHash "$1")"
}

run session "$append" --script "$here/session.script"
status=$?
check session "status $status, $(stat exit "$work/session.json"); $(cost "$work/session.json"), $(stat logBytes "$work/session.json") bytes of log" \
  same "$status $(stat exit "$work/session.json")" "0 poweroff"
check session "systemd is running, no unit failed" printed '^running$'
check session "$(text "$work/session.log" | grep -m 1 '^Startup finished')" printed '^Startup finished'
check session apt-get printed '^apt [0-9.]+ \(amd64\)'
check session perl printed '^perl 50005000$'
check session python3 printed '^python 332833500$'
check session "NMI watchdog" printed '^1$'
# 0.4 to 4 million: a program that does nothing, started by execve and linked dynamically
check session "perf stat: $(text "$work/session.log" | grep -E -m 1 ' instructions ' | xargs)" \
  printed '^ +([4-9][0-9]{5}|[1-3][0-9]{6}) +instructions'
check session "perf record: $(text "$work/session.log" | grep -E -m 1 '^# Samples:')" \
  printed '^# Samples: [1-9][0-9]*K? +of event .cycles'
check session "perf report: $(text "$work/session.log" | grep -m 1 Perl_pp_iter | xargs)" \
  printed '^ +[0-9.]+% +perl .*Perl_pp_iter'
check session "what was written reads back" \
  printed "^$(seq -f 'line %.0f' 20000 | sha256sum | cut -c 1-64)  /root/f"
check session "image as before" same "$before" "$(digest)"

replay replay "$work/session"
check replay "$(cost "$work/replay.json")" \
  same "$(stat stateHash "$work/session.json")" "$(stat stateHash "$work/replay.json")"

# The label of the file system, in a block that every mount reads.
flip() { printf "$1" | dd of="$image" bs=1 seek=$((1024 + 0x78)) conv=notrunc status=none; }
flip H
replay changed "$work/session"
status=$?
flip h
check changed "status $status: $(grep -v '^Replaying' "$work/changed.err")" same "$status" 2
check changed "put back, it is as before" same "$before" "$(digest)"

if "$hindsight" pack "$work/session" "$work/session.pack"; then
  mv "$image" "$image.away"
  mkdir "$work/elsewhere"
  mv "$work/session.pack" "$work/elsewhere"
  (cd "$work/elsewhere" && "$hindsight" unpack session.pack session)
  replay packed "$work/elsewhere/session"
  check packed "$(wc -c <"$work/elsewhere/session.pack") bytes; $(cost "$work/packed.json")" \
    same "$(stat stateHash "$work/session.json")" "$(stat stateHash "$work/packed.json")"
  mv "$image.away" "$image"
else
  check packed "pack failed" false
fi

# The disk that was written is gone when the machine is; so e2fsck looks at it in the same run, with
# its libraries in the RAM disk, after the file system was unmounted.
fsck='mkdir /m /t && mount -t ext4 /dev/vda /m && cd /m/usr/lib/x86_64-linux-gnu &&
cp -L ld-linux-x86-64.so.2 libc.so.6 libext2fs.so.2 libcom_err.so.2 libblkid.so.1 libuuid.so.1
libe2p.so.2 /m/sbin/e2fsck /t && cp -a /m/usr/share/perl /m/var/copy &&
dd if=/dev/urandom of=/m/var/big bs=64k count=300 && ln /m/var/big /m/var/link && sync &&
rm -rf /m/var/copy/*/[A-M]* && dd if=/dev/zero of=/m/var/big bs=1k seek=9000 count=99 &&
cd / && umount /m && /t/ld-linux-x86-64.so.2 --library-path /t /t/e2fsck -fn /dev/vda'
run fsck "console=ttyS0 hindsight.run=\"${fsck//$'\n'/ }\""
check fsck "$(text "$work/fsck.log" | grep -m 1 'files .*blocks$'); $(cost "$work/fsck.json")" \
  grep -q 'HINDSIGHT-EXIT 0' "$work/fsck.log"

if command -v qemu-system-x86_64 >/dev/null; then
  cp --sparse=always "$image" "$image.qemu"
  converse "$here/session.script" "$work/qemu.log" timeout 1800 qemu-system-x86_64 -machine pc \
    -accel tcg -cpu max -m 512 -display none -serial stdio -monitor none -no-reboot -net none \
    -kernel "$kernel" -initrd "$initrd" -append "$append" -drive "file=$image.qemu,if=virtio,format=raw"
  rm "$image.qemu"
  echo "units that failed only here:"
  comm -23 <(failed_units "$work/session.log" | sort) <(failed_units "$work/qemu.log" | sort)
  echo "warnings of the kernel only here:"
  comm -23 <(complaints "$work/session.log") <(complaints "$work/qemu.log")
  echo "only under QEMU:"
  comm -13 <(complaints "$work/session.log") <(complaints "$work/qemu.log")
fi
[ $failures = 0 ]
