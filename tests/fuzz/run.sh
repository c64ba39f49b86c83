#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One fuzz target for so many seconds, from what is in corpus/ and was found before: run.sh TARGET SECONDS SEED.
# SEED 0 is another one each time. Says one line, or what it has found; then the status is not 0.
set -eu
target=$1
name=$(basename "$target" -fuzz)
seeds=$(dirname "$0")/corpus/$name
found=$(dirname "$target")/../found/$name
mkdir -p "$found"
if [ -d "$seeds" ]; then cp -rnL "$seeds/." "$found"; fi
if "$target" -max_total_time="$2" -seed="$3" -timeout=10 -artifact_prefix="$found/" "$found" >"$found.log" 2>&1; then
  echo "$name: $(grep -E '^Done ' "$found.log")"
else
  grep -v -e '^#' -e NEW_FUNC "$found.log"
  echo "$name: has found something"
  exit 1
fi
