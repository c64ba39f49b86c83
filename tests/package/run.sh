#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [--once | PACKAGES]: everything about the Debian packages of what is committed. They are built twice and compared;
# with --once once, with PACKAGES, a folder, not at all.
# Machines of its own take root, mounts and a chroot. What cannot be done here is skipped, and said at the end.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/build/package
first=$root/build/deb
builds=2
case ${1-} in
  '') ;;
  --once) builds=1 ;;
  *) first=$(cd "$1" && pwd) builds=0 ;;
esac
skipped=

say() { echo "==== $* ($(date +%T))" >&2; }
skip() {
  say "SKIPPED: $*"
  skipped="$skipped
  $*"
}

# As ./dev deb, in another path. A name of its own in the compiler's cache: nothing is taken from the first build.
second_build() {
  env -u CCACHE_BASEDIR -u CCACHE_NOHASHDIR CCACHE_NAMESPACE=second CCACHE_DIR="$(ccache -k cache_dir)" \
    PATH="/usr/lib/ccache:$PATH" "$root/packaging/build-deb.sh" "$work/second" \
    "$work/a-path-that-is-another-and-longer" >"$work/second.log" 2>&1 || { tail -50 "$work/second.log"; return 1; }
}

# The same octets, whatever they are built in; .buildinfo and .changes tell of the build itself.
same_packages() {
  found=0
  for file in "$first"/*.deb "$first"/*.dsc "$first"/*.tar.*; do
    found=$((found + 1))
    cmp "$file" "$work/second/$(basename "$file")"
  done
  [ "$found" -ge 8 ] && echo "$found files are the same" >&2
}

# Of a tree that git does not know, as one that has been unpacked, the same files are built; nothing is compiled here.
same_files_without_git() {
  plain=$work/plain
  rm -rf "$plain"
  mkdir -p "$plain/bin"
  tar -C "$plain" -xzf "$first"/romp_*.orig.tar.gz
  printf '#!/bin/sh\n' >"$plain/bin/dpkg-buildpackage"
  chmod +x "$plain/bin/dpkg-buildpackage"
  PATH="$plain/bin:$PATH" sh "$plain"/romp-*/packaging/build-deb.sh "$plain/out" "$plain/stage"
  tar -tzf "$first"/romp_*.orig.tar.gz | sort >"$plain/with"
  tar -tzf "$plain"/out/romp_*.orig.tar.gz | sort | cmp - "$plain/with"
}

# Why machines cannot be made here; nothing: they can.
obstacle() {
  [ "$(id -u)" = 0 ] || { echo "root is needed"; return; }
  unshare -m -n -p -f sh -c 'mount -t proc proc /proc && mount -t tmpfs tmpfs /mnt && chroot / true' 2>&1 ||
    echo "namespaces, mounts or chroots are forbidden"
}

# check NAME PROGRAM [ARGS]: one of the tests beside this. What it skips is among all that is skipped.
check() {
  say "the $1"
  log=$work/$1.log
  program=$here/$2
  shift 2
  status=0
  python3 -B "$program" "$@" >"$log" 2>&1 || status=$?
  cat "$log" >&2
  skipped=$skipped$(sed -n "s/.*skipped ['\"]\(NOT CHECKED: .*\)['\"]\$/\n  \1/p" "$log")
  return $status
}

# archive NAME PACKAGES: a Debian in build/package/NAME.tar, made anew when the list has changed.
archive() {
  if [ "$(cat "$work/$1.list" 2>/dev/null)" != "$2" ] || [ ! -f "$work/$1.tar" ]; then
    mmdebstrap --quiet --variant=minbase --include="$2" bookworm "$work/$1.tar"
    echo "$2" >"$work/$1.list"
  fi
}

# What the packages depend on, since the machine that they are installed in reaches nobody.
needed() {
  for file in "$first"/romp_*.deb "$first"/romp-plugins_*.deb "$first"/romp-sdk-dev_*.deb; do
    dpkg-deb -f "$file" Depends | tr ',' '\n' | sed 's/^ *//; s/[ (|:].*//; /^romp/d; /^systemd$/d'
  done | sort -u | paste -sd,
}

lint() {
  lintian --allow-root --fail-on error,warning --suppress-tags bad-distribution-in-changes-file "$first"/*.changes
}

# What is ignored is left by systemd, which comes with the first package and goes with the last.
purge_leaves_nothing() {
  timeout 600 piuparts -b "$work/small.tar.gz" -d bookworm --no-upgrade-test --no-eatmydata --ignore-regex '/root/.ssh' \
    --ignore-regex '/var/(cache|lib|log)/private' --ignore-regex '/var/lib/systemd/(coredump|pstore)' \
    "$first"/romp_*.deb "$first"/romp-plugins_*.deb "$first"/romp-sdk-dev_*.deb "$first"/romp-doc_*.deb \
    >"$work/piuparts.log" 2>&1 || { tail -50 "$work/piuparts.log"; return 1; }
}

mkdir -p "$work"
if [ $builds -gt 0 ]; then
  say "building"
  "$root/dev" deb >"$work/first.log" 2>&1 || { tail -50 "$work/first.log"; exit 1; }
fi
if [ $builds = 2 ]; then
  say "building once more, elsewhere"
  rm -rf "$work/second" "$work/a-path-that-is-another-and-longer"
  second_build
  same_packages
else
  skip "the second build, and so whether it gives the same octets"
fi
say "a tree without git"
same_files_without_git
say "lintian"
lint
why=$(obstacle)
if [ -n "$why" ]; then
  skip "service, container and piuparts: $why"
  say "done; skipped:$skipped"
  exit
fi
say "archives of Debian"
archive small apt
archive machine "systemd,systemd-sysv,dbus,python3,python3-stomp,build-essential,cmake,debhelper,fakeroot,pkg-config,$(needed)"
check service service_test.py "$first" "$work/machine.tar"
check container container_test.py "$root" "$first" "$work/small.tar"
say "piuparts"
gzip -1 -kf "$work/small.tar"
purge_leaves_nothing
say "done; skipped:${skipped:- nothing}"
