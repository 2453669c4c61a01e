#!/bin/bash
# Makes a disk image with a small Debian on it: one ext4 file system, no partitions, no kernel.
set -euo pipefail

usage() {
  cat <<END
Usage: make.sh OUT.img

Makes OUT.img (sparse, 2 GB): Debian of this host's release, from this host's mirror (as apt knows
it), with systemd, perl, python3 and perf. Root has no password; there is a getty on ttyS0 if the
kernel's console is there. The image has no kernel and no boot loader; boot it with

  hindsight run --kernel K --initrd I --disk OUT.img --memory 512M \\
    --append "console=ttyS0 hindsight.root=/dev/vda"

where K and I are what \`hindsight guest get debian-amd64\` names.

Needs root and the Debian packages debootstrap, e2fsprogs and apt, but no loop devices. Packages are
kept in \$XDG_CACHE_HOME/hindsight/debootstrap. Images made of the same packages with the same
mke2fs are equal byte for byte; SOURCE_DATE_EPOCH is the time that they show (2026-01-01).

Exit status: 0 made; 1 something failed; 2 called wrongly, or something is missing.
END
}

fail() {
  echo "make.sh: $*" >&2
  exit 2
}

case ${1:-} in
  -h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -ne 1 ] || [ -z "$1" ]; then
  usage >&2
  exit 2
fi
out=$1
[ ! -e "$out" ] || fail "$out exists already; remove it first."
export PATH=/usr/sbin:/sbin:$PATH
[ "$(id -u)" = 0 ] || fail "needs root."
for tool in debootstrap mkfs.ext4 debugfs apt-get tar; do
  command -v $tool >/dev/null || fail "needs $tool, which was not found."
done

uuid=4d6f6e64-6179-4d6f-8e64-617968696e64
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}
# What mke2fs before 1.47.1 goes by instead.
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
export LC_ALL=C

# The mirror that serves this host's release, and how apt reaches it.
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' \
  'Created-By: Packages' 'Origin: Debian' | awk -v r="$release" '$1 == r && $2 == "main" { print $3; exit }')
[ -n "$mirror" ] || fail "apt knows no mirror of Debian $release; try apt-get update."
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "$proxy" ] || [ "$proxy" = DIRECT ] || export http_proxy=$proxy

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hindsight/debootstrap
mkdir -p "$cache" "$(dirname "$out")"
work=$(mktemp -d "${TMPDIR:-/tmp}/rootfs.XXXXXX")
finished=
trap 'rm -rf --one-file-system "$work"; [ -n "$finished" ] || rm -f "$out"' EXIT
root=$work/root

debootstrap --variant=minbase --merged-usr --cache-dir="$cache" \
  --include=systemd-sysv,udev,dbus,perl,python3,linux-perf,e2fsprogs \
  "$release" "$root" "$mirror" >"$work/log" || {
  tail -n 20 "$work/log" "$root/debootstrap/debootstrap.log" >&2 2>/dev/null || true
  exit 1
}
# debootstrap leaves these behind when it is interrupted.
for each in proc sys; do
  mountpoint -q "$root/$each" && umount "$root/$each"
done

echo hindsight >"$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 hindsight\n' >"$root/etc/hosts"
echo '/dev/vda / ext4 defaults 0 0' >"$root/etc/fstab"
echo f1d2a3b4c5d64e7f8091a2b3c4d5e6f7 >"$root/etc/machine-id"
ln -sf /etc/machine-id "$root/var/lib/dbus/machine-id"
echo "deb $mirror $release main" >"$root/etc/apt/sources.list"
chroot "$root" passwd -q -d root
# What would need a network, or come by the calendar.
for unit in apt-daily apt-daily-upgrade dpkg-db-backup e2scrub_all fstrim; do
  unit=$unit.timer
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

# What a running system does not read, and what tells when it was made.
rm -rf "$root"/usr/share/{doc,man,info,locale,lintian}/* "$root"/var/cache/{apt,ldconfig}/* \
  "$root"/var/cache/debconf/*-old "$root"/var/lib/apt/lists/* "$root"/var/lib/dpkg/*-old \
  "$root"/var/log/{bootstrap.log,dpkg.log,apt/*,alternatives.log,btmp,wtmp,lastlog,faillog} \
  "$root"/etc/{passwd-,group-,shadow-,gshadow-,resolv.conf} "$root"/tmp/* "$root"/run/* \
  "$root/debootstrap" "$root/var/lib/systemd/random-seed"
find "$root" -name '*.pyc' -delete
# The day when passwords were last changed.
sed -i -E 's/^([^:]*:[^:]*:)[0-9]+:/\1'$((SOURCE_DATE_EPOCH / 86400))':/' "$root/etc/shadow"
# As if the services that update caches after the first boot had run: there is nothing to update.
touch "$root/etc/.updated" "$root/var/.updated"
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

# mke2fs takes files as the directory lists them, so they are written once more in order, with as
# little as possible between; and it keeps the times of their last change and of their creation,
# which nobody can set but debugfs.
mkdir "$work/sorted"
tar -C "$root" --sort=name --xattrs -cf - . | tar -C "$work/sorted" --xattrs --numeric-owner -xpf -
truncate -s 2G "$out"
mkfs.ext4 -q -F -d "$work/sorted" -U $uuid -E hash_seed=$uuid,root_owner=0:0 -L hindsight \
  -m 0 -O ^orphan_file "$out"
find "$work/sorted" -mindepth 1 -printf '/%P\n' | sort | while IFS= read -r path; do
  for field in ctime atime crtime; do
    printf 'set_inode_field "%s" %s @%s\n' "$path" $field "$SOURCE_DATE_EPOCH"
  done
done >"$work/times"
debugfs -w -f "$work/times" "$out" >/dev/null 2>"$work/log"
e2fsck -fn "$out" >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}
finished=yes
