#!/bin/bash
# Records the guest that bench/instants measures with: Debian's cloud kernel with 256 MB, busy for
# more than ten billion instructions with loops of the shell, processes, checksums, sorting,
# compression, awk and files of /proc; then it powers off.
#
# usage: record-busy.sh DIRECTORY         the recording; it must not exist
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
[ $# = 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
work='i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done;
i=0; while [ $i -lt 800 ]; do /bin/busybox true; i=$((i+1)); done;
for k in 1 2 3 4; do dd if=/dev/urandom bs=64k count=16 2>/dev/null | sha256sum; done;
for k in 1 2 3; do seq 1 25000 | sort -r | md5sum; done;
for k in 1 2 3; do seq 1 80000 > /tmp/a; gzip -c /tmp/a > /tmp/b; gzip -dc /tmp/b | cmp - /tmp/a; done;
awk "BEGIN { for (i = 0; i < 900000; i++) { s += i; a[i % 1000] = s } print s }";
for k in $(seq 1 80); do cat /proc/meminfo /proc/interrupts | grep -c 0; done | tail -1'
work=$(echo $work | tr '"' "'")
files=$("$here/hindsight" guest get debian-cloud-amd64)
"$here/hindsight" run --kernel "$(echo "$files" | sed -n 's/^kernel //p')" \
  --initrd "$(echo "$files" | sed -n 's/^initrd //p')" \
  --append "console=ttyS0 hindsight.run=\"$work\"" \
  --record "$1" --stats "$1.json" < /dev/null
