#!/bin/bash
# What recording costs: boots Debian's cloud kernel without and with a recording, by turns, and
# compares the processor time of the whole process.
#
# usage: recording-cost.sh [PAIRS]            default: 10
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
pairs=${1:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files=$("$here/hindsight" guest get debian-cloud-amd64)
kernel=$(echo "$files" | sed -n 's/^kernel //p') initrd=$(echo "$files" | sed -n 's/^initrd //p')

boot() {
  "$here/hindsight" run --kernel "$kernel" --initrd "$initrd" \
    --append 'console=ttyS0 hindsight.run=true' --stats "$work/stats" "$@" \
    </dev/null >/dev/null 2>&1
  sed -n 's/.*"hostCpuSeconds" : \([0-9.]*\).*/\1/p' "$work/stats"
}

boot --no-record >/dev/null # so that files are in the host's memory
for i in $(seq "$pairs"); do
  # who goes first alternates as well
  if [ $((i % 2)) = 0 ]; then
    plain=$(boot --no-record) recorded=$(boot --record "$work/r$i")
  else
    recorded=$(boot --record "$work/r$i") plain=$(boot --no-record)
  fi
  echo "$plain $recorded" | tee -a "$work/pairs" | awk '{printf "%s s without, %s s with: %+.2f %%\n", $1, $2, ($2 / $1 - 1) * 100}'
done
awk '{print ($2 / $1 - 1) * 100}' "$work/pairs" | sort -n | awk '
  { v[NR] = $1 }
  END {
    m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
    printf "median %+.2f %%, from %+.2f %% to %+.2f %%\n", m, v[1], v[NR]
  }'
