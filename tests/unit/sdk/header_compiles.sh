#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# header_compiles.sh INCLUDE_DIR: compiles each public header alone, without a warning.
set -eu
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -pedantic -Wshadow -Wconversion -Werror"

cat >"$work/plugin.c" <<'END'
#include <romp/plugin.h>
static romp_verdict on_frame(void *user, const romp_ctx *ctx, romp_frame *frame) {
  (void)user, (void)ctx;
  return romp_frame_header(frame, ROMP_STR("x")).data ? ROMP_HANDLED : ROMP_CONTINUE;
}
static romp_status create(const romp_host *host, const romp_config *config, void **self) {
  romp_filter f = {.size = sizeof f, .commands = ROMP_MASK_ANY, .name = "x", .on_frame = on_frame};
  (void)config, (void)self;
  return ROMP_HAS(host, metric_set) ? host->add_filter(host, &f) : ROMP_E_UNSUPPORTED;
}
ROMP_PLUGIN("x", "1.0.0", .capabilities = ROMP_CAP_FRAMES, .create = create);
END
cat >"$work/plugin.cpp" <<'END'
#include <romp/plugin.h>
ROMP_NOTE_("x", "1.0.0");
romp_str text();
romp_str text() { return ROMP_STR("x"); }
END
printf '#include <romp/plugin.hpp>\nROMP_PLUGIN_CPP("x", "1.0.0", [](romp::plugin&) {});\n' >"$work/layer.cpp"
printf '#include <romp/fake_host.hpp>\nint main() {}\n' >"$work/fake.cpp"

# run COMPILER STANDARD FILE [flag...]
run() {
  compiler=$1 standard=$2 file=$3
  shift 3
  "$compiler" -std="$standard" $warnings "$@" -I"$include" -fPIC -c "$work/$file" -o "$work/out.o" || {
    echo "FAILED: $compiler -std=$standard $* $file" >&2
    exit 1
  }
}

check() {
  c=$1 cxx=$2
  if ! command -v "$c" >/dev/null || ! command -v "$cxx" >/dev/null; then
    echo "NOT CHECKED: no $c or no $cxx on this machine" >&2
    return
  fi
  for header in destinations sessions admin client http; do
    echo "#include <romp/$header.h>" >"$work/interface.c"
    cp "$work/interface.c" "$work/interface.cpp"
    for standard in c99 c11 c17; do run "$c" $standard interface.c; done
    for standard in c++11 c++14 c++17 c++20; do run "$cxx" $standard interface.cpp; done
  done
  for standard in c99 c11 c17; do run "$c" $standard plugin.c; done
  for standard in c++11 c++14 c++17 c++20; do run "$cxx" $standard plugin.cpp; done
  for standard in c++17 c++20; do
    run "$cxx" $standard layer.cpp
    run "$cxx" $standard fake.cpp
  done
  for header in "$include"/romp/v1/*.hpp; do
    name=$(basename "$header")
    ! grep -q "^// Included by romp/fake_host.hpp only" "$header" || continue
    echo "#include <romp/v1/$name>" >"$work/alone.cpp"
    run "$cxx" c++17 alone.cpp
  done
  echo "checked with $c and $cxx"
}

check gcc g++
suffix=
command -v clang >/dev/null || suffix=-14
check clang$suffix clang++$suffix

# No implicit padding: what has no name is not promised.
if command -v clang$suffix >/dev/null; then
  run clang$suffix c99 plugin.c -Wpadded -Wdocumentation
else
  echo "NOT CHECKED: padding, which takes clang" >&2
fi
