#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# storm.py in a kernel of its own, where this machine's limit of open files does not hold and cannot be raised: user-mode
# Linux (Debian's package user-mode-linux), on the files of this machine, with a loopback of its own and one processor.
# Usage, as root: storm_in_uml.sh BROKER [PART...]; what storm.py says goes to standard output.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
broker=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/init" <<END
#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run
mount -t proc proc /proc && mount -t sysfs sys /sys && mount -t tmpfs run /run
ip link set lo up
sysctl -q -w net.ipv4.ip_local_port_range="1024 65535" net.core.somaxconn=4096 fs.nr_open=1000000 fs.file-max=1000000
ulimit -n 200000
python3 $here/storm.py $broker $* >$work/said 2>&1
echo \$? >$work/status
sync
echo o >/proc/sysrq-trigger
sleep 60
END
chmod +x "$work/init"
linux.uml mem=6G rootfstype=hostfs rootflags=/ rw "init=$work/init" con=null quiet </dev/null >"$work/console" 2>&1 || true
[ -s "$work/status" ] || { tail -20 "$work/console" >&2; exit 1; }
cat "$work/said"
exit "$(cat "$work/status")"
