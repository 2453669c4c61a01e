#!/bin/bash
# Records the guest that bench/instants measures with: Debian's cloud kernel with 256 MB, busy for
# some ten billion instructions.
#
# usage: record-busy.sh DIRECTORY         the recording; it must not exist
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
[ $# = 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
files=$("$here/hindsight" guest get debian-cloud-amd64)
"$here/hindsight" run --kernel "$(echo "$files" | sed -n 's/^kernel //p')" \
  --initrd "$(echo "$files" | sed -n 's/^initrd //p')" --append 'console=ttyS0' \
  --script "$here/bench/instants/busy.script" --record "$1" --stats "$1.json"
