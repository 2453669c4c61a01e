#!/bin/bash
# Boots Debian's kernels, replays each recording, and compares their logs with those under QEMU.
#
# usage: boot-matrix.sh [-2] [-k DIRECTORY] [GUEST:VCPUS[:MEMORY] | reboot] ...
#
#   GUEST:VCPUS[:MEMORY]  a guest of `hindsight guest list`, 256M unless it says otherwise; it boots,
#                         prints the kernel's log, and powers off
#   reboot                types bench/reboot.script to a shell on the console, whose last command
#                         resets the machine
#   -2                    runs each a second time, with HotSpot's first compiler only; the state at
#                         the end must be the same
#   -k DIRECTORY          keeps logs, statistics and recordings there (an empty or new directory)
#
# Without arguments: all that docs/guests.md has.
#
# Prints a line for each boot: instructions, seconds of processor time, largest resident memory, bytes
# of log, state hash, and "ok" if it came to HINDSIGHT-BOOT-OK, ended as it had to, and its replay
# (with -2, the second run too) ended with the same hash; otherwise what was wrong, and status 1.
#
# Then, where qemu-system-x86_64 is installed, the differences between what the kernel said here ("<")
# and there (">") among lines of level "warning" and worse, and those that look like a complaint.
# Numbers do not count. These lines are to be read; they do not change the status.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
}

twice= keep=
while getopts 2k: option; do
  case $option in
    2) twice=yes ;;
    k) keep=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- debian-cloud-amd64:1 debian-amd64:1 debian-686:1 debian-686-pae:1 \
  debian-686-pae:4 debian-amd64:4 debian-amd64:1:4G reboot

if [ -n "$keep" ]; then
  mkdir -p "$keep" || exit 2
  [ -z "$(ls -A "$keep")" ] || { echo "$keep is not empty." >&2; exit 2; }
  work=$(cd "$keep" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

timer=/usr/bin/time
stat() { sed -n "s/.*\"$1\" : \"\{0,1\}\([^\",]*\).*/\1/p" "$2" 2>/dev/null; }

# Runs "$@" and leaves the kilobytes that it had resident in the file $1, if there is a timer.
measured() {
  local file=$1
  shift
  if [ -x "$timer" ]; then "$timer" -q -f %M -o "$file" "$@"; else "$@"; fi
}

# Lines of `dmesg -r` that may be complaints, without times; the level is the lower three bits.
complaints() {
  tr -d '\r' <"$1" | awk '
    match($0, /^<[0-9]+>\[[^]]*\] /) {
      text = substr($0, RLENGTH + 1)
      if (substr($0, 2) % 8 <= 4 ||
          tolower(text) ~ /error|warn|fail|bug|unsupported|invalid|conflict|unchecked|trace|not found|stall|unstable|nmi/)
        print text
    }'
}

# Lines of $1 of which no line of $2 is the same but for numbers.
without() {
  awk '
    { key = tolower($0); gsub(/0x[0-9a-f]+|[0-9]+/, "#", key) }
    FNR == NR { other[key]; next }
    !(key in other) && !said[key]++' "$2" "$1"
}

status=0
printf '%-25s %15s %7s %8s %6s  %-16s %s\n' boot instructions 'CPU s' 'res. MB' log hash result
for spec in "$@"; do
  IFS=: read -r guest vcpus memory <<<"$spec"
  expected=poweroff append='console=ttyS0 hindsight.run="dmesg -r"' typed=()
  if [ "$spec" = reboot ]; then
    guest=debian-cloud-amd64 vcpus=1 expected=reset
    append='console=ttyS0' typed=(--script "$here/bench/reboot.script")
  fi
  [[ ${vcpus:-} =~ ^[0-9]+$ ]] || usage
  memory=${memory:-256M}
  files=$("$here/hindsight" guest get "$guest") || exit 2
  kernel=$(sed -n 's/^kernel //p' <<<"$files") initrd=$(sed -n 's/^initrd //p' <<<"$files")
  run=$work/${spec//:/-}
  machine=(--kernel "$kernel" --initrd "$initrd" --append "$append" --vcpus "$vcpus"
    --memory "$memory" "${typed[@]}")
  wrong=

  measured "$run.kb" "$here/hindsight" run "${machine[@]}" --record "$run" --stats "$run.json" \
    </dev/null >"$run.log" 2>"$run.err" || wrong="status $?, $(head -n 1 "$run.err")"
  hash=$(stat stateHash "$run.json")
  grep -q HINDSIGHT-BOOT-OK "$run.log" || wrong=${wrong:-no HINDSIGHT-BOOT-OK}
  exit=$(stat exit "$run.json")
  [ "$exit" = $expected ] || wrong=${wrong:-exit $exit}

  "$here/hindsight" replay "$run" --stats "$run.replay.json" </dev/null >"$run.replay.log" \
    2>"$run.replay.err" || wrong=${wrong:-replay: status $?, $(head -n 1 "$run.replay.err")}
  [ "$(stat stateHash "$run.replay.json")" = "$hash" ] || wrong=${wrong:-the replay has another hash}
  cmp -s "$run.log" "$run.replay.log" || wrong=${wrong:-the replay printed something else}

  if [ -n "$twice" ]; then
    JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 "$here/hindsight" run "${machine[@]}" --no-record \
      --stats "$run.second.json" </dev/null >"$run.second.log" 2>"$run.second.err" ||
      wrong=${wrong:-second run: status $?}
    second=$(stat stateHash "$run.second.json")
    [ "$second" = "$hash" ] || wrong=${wrong:-the second run has hash $second}
  fi

  [ -z "$wrong" ] || status=1
  resident=$(($(cat "$run.kb" 2>/dev/null || echo 0) / 1024))
  printf '%-25s %15s %7.1f %8s %6s  %-16s %s\n' "$spec" "$(stat instructions "$run.json")" \
    "$(stat hostCpuSeconds "$run.json")" "$resident" "$(stat logBytes "$run.json")" "$hash" \
    "${wrong:-ok}"

  if [ "$spec" != reboot ] && command -v qemu-system-x86_64 >/dev/null; then
    timeout 600 qemu-system-x86_64 -machine pc -accel tcg -cpu max -smp "$vcpus" -m "$memory" \
      -nographic -no-reboot -kernel "$kernel" -initrd "$initrd" -append "$append" </dev/null \
      >"$run.qemu" 2>&1
    complaints "$run.log" >"$run.here"
    complaints "$run.qemu" >"$run.there"
    without "$run.here" "$run.there" | sed 's/^/    < /'
    without "$run.there" "$run.here" | sed 's/^/    > /'
  fi
done
exit $status
