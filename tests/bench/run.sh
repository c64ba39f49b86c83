#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts the broker of a build on a free port, measures it, and ends it.
set -eu

usage() {
  echo "usage: $0 BUILD_DIRECTORY [SCENARIO] [option...]   (without SCENARIO: suite)" >&2
  exit 1
}

[ $# -ge 1 ] || usage
bin=$1/bin
shift
[ -x "$bin/romp" ] && [ -x "$bin/romp-bench" ] || {
  echo "$0: no romp and romp-bench in $bin" >&2
  exit 1
}
case ${1-} in '' | -*) set -- suite "$@" ;; esac

work=$(mktemp -d)
broker=
bench=
end() {
  status=$?
  trap - EXIT
  trap '' INT TERM HUP
  [ -z "$bench" ] || kill "$bench" 2>/dev/null || :
  if [ -n "$broker" ]; then
    kill "$broker" 2>/dev/null || :
    # A broker that hangs must not hang the bench.
    (sleep 5 && kill -9 "$broker") >/dev/null 2>&1 &
    killer=$!
    wait "$broker" 2>/dev/null || :
    kill "$killer" 2>/dev/null || :
  fi
  rm -rf "$work"
  exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

port=$("$bin/romp-bench" --free-port)
cat >"$work/romp.ini" <<INI
[server]
ports = $port
bind_address = 127.0.0.1
pid_file = $work/romp.pid
[plugins]
dir =
INI

ulimit -n "$(ulimit -H -n)"
"$bin/romp" -c "$work/romp.ini" >"$work/log" 2>&1 &
broker=$!

fail() {
  echo "$0: $1; the end of its log:" >&2
  tail -n 20 "$work/log" >&2
  exit 3
}

tries=20
until "$bin/romp-bench" --wait --port "$port"; do
  kill -0 "$broker" 2>/dev/null || fail "the broker has ended"
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "the broker does not accept connections"
done
status=0
# In the background, because a shell hears signals only between commands, or in wait.
"$bin/romp-bench" "$@" --port "$port" --pid "$broker" &
bench=$!
wait "$bench" || status=$?
bench=
kill -0 "$broker" 2>/dev/null || fail "the broker has ended"
exit "$status"
