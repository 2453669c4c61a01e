#!/bin/bash
# Boots Debian's kernels, replays each recording, and compares their logs with those under QEMU.
#
# usage: boot-matrix.sh [GUEST:VCPUS ...]     default: all that docs/guests.md has
#
# Prints a line for each boot: instructions, processor seconds, bytes of log, state hash, whether the
# replay ended with the same hash, and the lines of level "warning" and worse that the kernel wrote
# under Hindsight, but not under QEMU (where qemu-system-x86_64 is installed).
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- debian-cloud-amd64:1 debian-amd64:1 debian-686:1 debian-686-pae:1 \
  debian-686-pae:4 debian-amd64:4
append='console=ttyS0 hindsight.run="dmesg -r"'

stat() { sed -n "s/.*\"$1\" : \"\{0,1\}\([^\",]*\).*/\1/p" "$2"; }
# warnings and worse without their times
complaints() { sed -n 's/^<[0-4]>\[[^]]*\] //p' "$1" | tr -d '\r' | sort -u; }

printf '%-20s %5s %15s %8s %6s  %-16s %s\n' guest vcpus instructions 'CPU s' log hash replay
for spec in "$@"; do
  guest=${spec%:*} vcpus=${spec#*:} run=$work/$guest-${spec#*:}
  files=$("$here/hindsight" guest get "$guest") || exit 2
  kernel=$(echo "$files" | sed -n 's/^kernel //p') initrd=$(echo "$files" | sed -n 's/^initrd //p')
  "$here/hindsight" run --kernel "$kernel" --initrd "$initrd" --append "$append" --vcpus "$vcpus" \
    --record "$run" --stats "$run.json" </dev/null >"$run.log" 2>"$run.err" ||
    { echo "$spec: $(cat "$run.err")"; continue; }
  "$here/hindsight" replay "$run" --stats "$run.replay.json" >/dev/null 2>>"$run.err"
  same=$([ "$(stat stateHash "$run.json")" = "$(stat stateHash "$run.replay.json")" ] && echo same)
  printf '%-20s %5s %15s %8s %6s  %-16s %s\n' "$guest" "$vcpus" "$(stat instructions "$run.json")" \
    "$(stat hostCpuSeconds "$run.json")" "$(stat logBytes "$run.json")" \
    "$(stat stateHash "$run.json")" "${same:-DIFFERENT: $(cat "$run.err")}"
  if command -v qemu-system-x86_64 >/dev/null; then
    timeout 300 qemu-system-x86_64 -machine pc -accel tcg -cpu max -smp "$vcpus" -m 256 -nographic \
      -no-reboot -kernel "$kernel" -initrd "$initrd" -append "$append" </dev/null >"$run.qemu" 2>&1
    comm -23 <(complaints "$run.log") <(complaints "$run.qemu") | sed 's/^/    only here: /'
  fi
done
