#!/bin/bash
# Compiles the guest programs into a directory.
#
# usage: make.sh DIRECTORY
set -eu
cd "$(dirname "$0")"
[ $# = 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
# Vectors are where they are written. Nothing depends on the compiler's defaults.
compile() { # PROGRAM SOURCE [FLAG...]
  gcc -O2 -static -fno-pie -no-pie -fcf-protection=none -fno-tree-vectorize -Wall -Wextra -Werror \
    -o "$into/$1" "$2" main.c "${@:3}"
}
into=$1
for source in *.c; do
  [ "$source" = main.c ] || [ "$source" = cycles.c ] || compile "${source%.c}" "$source"
done
compile nbody-x87 nbody.c '-DREAL=long double'
compile matrix-avx2 matrix.c -mavx2
gcc -O2 -Wall -Wextra -Werror -o "$into/cycles" cycles.c
cp ./*.sh ./*.pl ./*.py "$into"
rm "$into/make.sh"
