#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh SOURCE_DIR: installs the SDK alone, and builds a plugin against it with CMake, and with
# pkg-config and one compiler line.
set -eu
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake -S "$source/sdk" -B "$work/sdk" >/dev/null
cmake --install "$work/sdk" --prefix "$work/usr" >/dev/null

mkdir "$work/mine"
cp "$source/plugins/ping/ping.cpp" "$work/mine/"
cat >"$work/mine/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.22)
project(mine CXX)
find_package(romp-sdk 1.0 REQUIRED)
romp_add_plugin(mine ping.cpp)
END
cmake -S "$work/mine" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/usr" >/dev/null
cmake --build "$work/build" >/dev/null

export PKG_CONFIG_PATH="$work/usr/lib/pkgconfig"
cc -std=c99 -O2 -fPIC -shared -fvisibility=hidden -Wl,-z,defs,-z,now \
  $(pkg-config --define-variable=prefix="$work/usr" --cflags romp-sdk) \
  -Wl,--version-script="$(pkg-config --define-variable=prefix="$work/usr" --variable=map romp-sdk)" \
  "$source/plugins/ping-c/ping.c" -o "$work/ping-c.so"

for file in "$work/build/mine.so" "$work/ping-c.so"; do
  exported=$(nm -D --defined-only "$file" | awk '{print $3}')
  [ "$exported" = romp_plugin_entry ] || { echo "$file exports: $exported" >&2; exit 1; }
  readelf -n "$file" | grep -q romp || { echo "$file has no note" >&2; exit 1; }
done
