#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build-deb.sh [-b] OUT [STAGE]: builds source and binary packages of what is committed, in a clean copy. -b leaves the
# source package out. STAGE is where the copy is made, below it; a new temporary folder if it is not given.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

only_binary=
if [ "${1-}" = -b ]; then only_binary=-b; shift; fi
if [ $# = 0 ] || [ $# -gt 2 ]; then
  sed -n '3,4s/^# //p' "$0" >&2
  exit 64
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)

stage=${2-}
if [ -z "$stage" ]; then
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' EXIT
fi
mkdir -p "$stage"
if [ -n "$(ls -A "$stage")" ]; then
  echo "$stage is not empty" >&2
  exit 73
fi

say() { echo "build-deb: $*" >&2; }

version=$(cd "$root/packaging" && dpkg-parsechangelog -S Version)
upstream=${version%-*}
if ! grep -q "^project(romp VERSION $upstream " "$root/CMakeLists.txt"; then
  say "packaging/debian/changelog has version $upstream, CMakeLists.txt has another"
  exit 65
fi
# What is committed; of a tree that is no checkout of git, all of it.
sources() {
  if [ -e "$root/.git" ]; then
    if [ -n "$(git -c safe.directory="$root" -C "$root" status --porcelain)" ]; then
      say "only what is committed is built, and something is not"
    fi
    git -c safe.directory="$root" -C "$root" archive --format=tar --prefix="romp-$upstream/" HEAD
  else
    say "no checkout of git: all that is here is built"
    when=$(cd "$root/packaging" && dpkg-parsechangelog -S Timestamp)
    tar -C "$root" --exclude=./build --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$when" \
      --transform "flags=r;s,^\.,romp-$upstream," -c .
  fi
}

sources >"$stage/sources.tar"
gzip -9n <"$stage/sources.tar" >"$stage/romp_$upstream.orig.tar.gz"
rm "$stage/sources.tar"
tar -C "$stage" -xzf "$stage/romp_$upstream.orig.tar.gz"
cp -a "$stage/romp-$upstream/packaging/debian" "$stage/romp-$upstream/debian"
say "building romp $version"
(cd "$stage/romp-$upstream" && dpkg-buildpackage -us -uc $only_binary)
find "$stage" -maxdepth 1 -type f -exec cp {} "$out" \;
say "the packages are in $out"
