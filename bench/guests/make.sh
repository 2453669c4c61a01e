#!/bin/bash
# Compiles the guest programs into DIRECTORY/root/bench, and writes DIRECTORY/initrd: INITRD, which
# has a BusyBox, and DIRECTORY/root. This system's perl and python, if it has them, go along.
#
# usage: make.sh DIRECTORY INITRD
set -eu
cd "$(dirname "$0")"
[ $# = 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
into=$(realpath "$1") base=$(realpath "$2")
bench=$into/root/bench
mkdir -p "$bench"

# Vectors are where they are written, and nothing depends on the compiler's defaults.
compile() { # PROGRAM SOURCE [FLAG...]
  gcc -O2 -s -static -fno-pie -no-pie -fcf-protection=none -fno-tree-vectorize -Wall -Wextra -Werror \
    -o "$bench/$1" "$2" main.c "${@:3}"
}
for source in *.c; do
  case $source in
    main.c | cycles.c) ;;
    *) compile "${source%.c}" "$source" ;;
  esac
done
compile nbody-x87 nbody.c '-DREAL=long double'
compile matrix-avx2 matrix.c -mavx2
gcc -O2 -Wall -Wextra -Werror -o "$bench/cycles" cycles.c

cp count.sh pack.sh again.sh loop.pl loop.py "$bench"
cpio --extract --to-stdout --quiet bin/busybox <"$base" >"$bench/busybox"
chmod +x "$bench/busybox"

# Copies files to where they are here, with their times: python compares these.
also() {
  while read -r file; do
    mkdir -p "$into/root$(dirname "$file")"
    cp -Lp "$file" "$into/root$file"
  done
}
program() { # FILE: it and its libraries
  [ -x "$1" ] || return 1
  { echo "$1" && ldd "$1" | grep -o '/[^ ]*'; } | also
}
! program /usr/bin/perl || :
if program /usr/bin/python3; then
  # What it loads on startup, and os, by which it knows where its library is.
  /usr/bin/python3 -I -S -c '
import sys, os
for module in list(sys.modules.values()):
    for name in ("__file__", "__cached__"):
        file = getattr(module, name, None)
        if file and os.path.exists(file):
            print(file)
print(os.__file__)
' | also
fi

# The same files make the same bytes, so that runs with different engines can be compared.
find "$bench" -type f -exec touch -d @0 {} +
find "$into/root" -type d -exec touch -d @0 {} +
cp "$base" "$into/initrd"
(cd "$into/root" && find . -mindepth 1 | LC_ALL=C sort |
  cpio --create --format newc --reproducible --owner +0:+0 --quiet) >>"$into/initrd"
