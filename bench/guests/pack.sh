# BusyBox's gzip over numbers in decimal, twenty to a line. Argument: how many.
./busybox seq 1 $1 | ./busybox xargs -n 1000 echo | ./busybox gzip -c >packed
./busybox gzip -dc <packed | ./busybox sha256sum
./busybox wc -c <packed
./busybox rm packed
