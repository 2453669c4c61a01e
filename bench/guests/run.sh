#!/bin/bash
# Runs the guest programs of this directory natively, under Hindsight and under QEMU's TCG (if
# qemu-system-x86_64 is installed), in turn, compares their checksums, and prints tables of times and
# ratios by the host's clock. Needs gcc with its static C library, cpio, and a JDK 25.
#
# usage: run.sh [--scale X] [--only ROW,...] [--rounds N] [--tcg-rounds N] [--engine NAME] [--report FILE]
#
#   --scale X      do X times as much work (default 1: natively about 0.3 s a row)
#   --only ROW,... only these rows or classes of the file rows, or "bogosti"
#   --rounds N     all of it N times; medians count (default 3)
#   --tcg-rounds N TCG takes part in only so many of them, 0 for none (default 1)
#   --engine NAME  as `hindsight run` knows it (default auto)
#   --report FILE  write the tables into this Markdown file (docs/benchmarks.md), between the
#                  comments that are there for it
#
# Exit status: 0 if all programs succeeded and all checksums are equal, else 1; 2 if called wrongly.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
case ${1:-} in
  -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" && exit 0 ;;
esac
(cd "$here" && ./mvnw -B -ntp -q -Dquick -pl bench -am test-compile)
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$here/bench/target/classes:$here/machine/target/classes" \
  dev.hindsight.bench.guest.GuestBenchmark "$here" "$@"
