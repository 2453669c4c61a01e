#!/bin/sh
# Makes a disk image with a small Debian: systemd, a login on the first serial port, perl, python3
# and perf. The release and the mirror are the host's own.
#
# usage: make.sh IMAGE          (as root; needs debootstrap and e2fsprogs)
set -eu
image=${1:?usage: make.sh IMAGE}
if [ -e "$image" ]; then
  echo "make.sh: $image exists already; remove it first." >&2
  exit 2
fi
[ "$(id -u)" = 0 ] || { echo "make.sh: debootstrap needs root." >&2; exit 2; }

. /etc/os-release
release=$VERSION_CODENAME
# the repository of the host's own apt that has the release itself
mirror=$(apt-get indextargets --format '$(SUITE) $(CODENAME) $(COMPONENT) $(REPO_URI)' \
  'Identifier: Packages' | awk -v r="$release" '$2 == r && $3 == "main" { print $4; exit }')
[ -n "$mirror" ] || { echo "make.sh: apt knows no repository of $release." >&2; exit 2; }

export SOURCE_DATE_EPOCH=1767225600
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
debootstrap --variant=minbase \
  --include=systemd-sysv,dbus,udev,perl,python3,linux-perf,e2fsprogs,procps \
  "$release" "$root" "$mirror" >"$work/log" 2>&1 || {
  tail -5 "$work/log" >&2
  exit 1
}

echo hindsight >"$root/etc/hostname"
echo "127.0.0.1 localhost hindsight" >"$root/etc/hosts"
echo "/dev/vda / ext4 defaults 0 1" >"$root/etc/fstab"
passwd --root "$root" --delete root >/dev/null
systemctl --root="$root" enable serial-getty@ttyS0.service >/dev/null 2>&1
# nothing that waits for a network or comes by the calendar
systemctl --root="$root" mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer \
  fstrim.timer dpkg-db-backup.timer systemd-networkd-wait-online.service >/dev/null 2>&1
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

truncate -s 1536M "$image"
mkfs.ext4 -q -F -L hindsight -U 01234567-89ab-4def-8123-456789abcdef \
  -E hash_seed=01234567-89ab-4def-8123-456789abcdef,lazy_itable_init=0 -d "$root" "$image"
