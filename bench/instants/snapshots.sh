#!/bin/bash
# Measures how long a snapshot in memory takes, whatever the size of RAM: Debian is booted with 64 MB,
# 256 MB and 1 GB and is busy for a while, and in the replay of each a snapshot is made every ten
# million ticks. With 64 MB it is the 32-bit kernel; the other one needs 68 MB to unpack itself.
#
# usage: snapshots.sh DIRECTORY          where recordings are made; those that are there are used
# The command and bench must be built (./mvnw -q -DskipTests verify), and java be a JDK 25.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
[ $# = 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
mkdir -p "$1"
work='i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; seq 1 25000 | sort -r | md5sum;
i=0; while [ $i -lt 100 ]; do /bin/busybox true; i=$((i+1)); done; cat /proc/meminfo | head -1'
recordings=()
for memory in 64M 256M 1G; do
  guest=debian-cloud-amd64
  [ $memory != 64M ] || guest=debian-686
  files=$("$here/hindsight" guest get $guest)
  [ -d "$1/$memory" ] || "$here/hindsight" run --memory $memory \
    --kernel "$(echo "$files" | sed -n 's/^kernel //p')" \
    --initrd "$(echo "$files" | sed -n 's/^initrd //p')" \
    --append "console=ttyS0 hindsight.run=\"$(echo $work)\"" \
    --record "$1/$memory" < /dev/null > /dev/null
  recordings+=("$1/$memory")
done
"${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
  -cp "$here/bench/target/classes:$here/app/target/app.jar:$here/app/target/lib/*" \
  dev.hindsight.bench.timeline.SnapshotSpeed "${recordings[@]}"
