# SPDX-License-Identifier: Apache-2.0
"""The packages at home in Debian. Usage: service_test.py PACKAGES ARCHIVE

Installed into a machine that is booted for this, used, upgraded, removed and purged. The tests go on from where the one
before has stopped, in the order of their names; the first that fails is the last.
"""

import re
import sys
import unittest
from pathlib import Path

from machine import Failed, Machine, eventually, run

PACKAGES, ARCHIVE = (Path(arg).resolve() for arg in sys.argv[1:3])
HOSTILE = r"""
#include <romp/plugin.hpp>
#include <unistd.h>
ROMP_PLUGIN_CPP("hang", "1.0.0", [](romp::plugin& p) {
  p.on_frame(romp::send, "/virt/hang", [](romp::frame&) { for (;;) pause(); return romp::handled; });
});
"""


class Client:
    """One session in the machine, for a `with`."""

    def __init__(self, machine, port=61613):
        self.process = machine.start("python3", "/srv/client.py", str(port))
        if self.process.stdout.readline() != "connected\n":
            raise Failed(f"no session on port {port}")

    def send(self, destination):
        self.process.stdin.write(destination + "\n")

    def ask(self, destination):
        self.send(destination)
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.machine = cls.enterClassContext(Machine(ARCHIVE))
        except (Failed, OSError) as error:  # nothing of ours is in it yet
            raise unittest.SkipTest(f"NOT CHECKED: the service; no machine boots here: {error}") from error
        cls.machine.copy_in(*PACKAGES.glob("*.deb"), to="/srv/debs")
        cls.machine.copy_in(Path(__file__).parent / "client.py", to="/srv")
        cls.machine.run("useradd", "-m", "-s", "/bin/sh", "maker")

    def install(self, *names, folder="/srv/debs"):
        files = " ".join(f"{folder}/{name}_*.deb" for name in names)
        return self.machine.shell(f"apt-get install -y --no-install-recommends "
                                  f"-o Dpkg::Options::=--force-confold {files}")

    def reloaded_plugin(self, name, what):
        eventually(lambda: f"plugin {name}: {what}" in self.machine.journal(), f"plugin {name}: {what}")

    def stat(self, path):
        return self.machine.run("stat", "-c", "%a %U:%G", path).strip()

    def test_01_starts_when_it_is_installed(self):
        self.install("romp", "romp-plugins")
        self.assertEqual(self.machine.property("ActiveState"), "active")
        self.assertEqual(self.machine.property("StatusText"), "Takes clients on 3 ports")
        self.assertEqual(self.machine.property("UnitFileState"), "enabled")
        with Client(self.machine) as client:
            self.assertEqual(client.ask("/virt/ping"), "pong")
            self.assertEqual(client.ask("/queue/greetings"), "Hello from the machine")

    def test_02_keeps_secrets_and_state_from_others(self):
        self.assertEqual(self.stat("/etc/romp/romp.ini"), "640 root:romp")
        self.assertEqual(self.stat("/etc/romp/romp.passwd"), "640 root:romp")
        self.assertEqual(self.stat("/etc/romp/conf.d"), "750 root:romp")
        self.assertEqual(self.stat("/etc/romp/plugins.d"), "750 root:romp")
        self.assertEqual(self.stat("/var/lib/romp"), "700 romp:romp")
        self.assertEqual(self.stat("/var/log/romp"), "750 romp:romp")
        self.assertEqual(self.stat("/run/romp"), "750 romp:romp")

    def test_03_has_a_password_file_that_rompctl_edits(self):
        self.machine.shell("echo open sesame | rompctl passwd -f /etc/romp/romp.passwd add ann")
        self.machine.shell("echo open sesame | rompctl passwd -f /etc/romp/romp.passwd check ann")
        self.machine.shell("! echo wrong | rompctl passwd -f /etc/romp/romp.passwd check ann")
        self.assertEqual(self.stat("/etc/romp/romp.passwd"), "640 root:romp")

    def test_04_has_no_privilege_and_a_unit_without_fault(self):
        status = self.machine.run("cat", f"/proc/{self.machine.property('MainPID')}/status")
        self.assertIn("CapBnd:\t0000000000000000", status)
        self.assertIn("NoNewPrivs:\t1", status)
        self.assertIn("Seccomp:\t2", status)
        self.machine.run("systemd-analyze", "verify", "--man=no", "/lib/systemd/system/romp.service",
                         "/lib/systemd/system/romp.socket")
        said = self.machine.run("systemd-analyze", "security", "--offline=true", "--threshold=15", "romp.service")
        print(re.search("Overall exposure level.*", said)[0], file=sys.stderr)

    def test_05_leaves_risky_plugins_off(self):
        journal = self.machine.journal()
        for name in ("downstream", "echo", "files", "hello", "limit", "stamp"):
            self.assertNotIn(f"plugin {name} ", journal)
        self.assertIn("ping-c", journal)

    def test_06_takes_up_a_stranger_s_package_and_keeps_every_session(self):
        self.install("romp-sdk-dev")
        pid = self.machine.property("MainPID")
        type(self).client = self.enterClassContext(Client(self.machine))
        self.machine.shell("cd; romp-plugin-new cpp greet; cd greet; dpkg-buildpackage -us -uc -b", user="maker")
        self.machine.shell("mkdir /srv/made; cp /home/maker/*.deb /srv/made")
        self.assertIn("Depends: romp-plugin-abi-1 (>= 1.0)",
                      self.machine.shell("dpkg -I /srv/made/romp-plugin-greet_1.0.0_*.deb"))
        self.install("romp-plugin-greet", folder="/srv/made")
        self.reloaded_plugin("greet", "started")
        self.assertEqual(self.client.ask("/virt/greet"), "pong")
        self.assertEqual(self.machine.property("MainPID"), pid)

    def test_07_says_why_it_does_not_take_a_plugin(self):
        plugin_dir = self.machine.run("pkg-config", "--variable=plugindir", "romp-sdk").strip()
        self.machine.shell(f"mkdir -p /srv/bad/DEBIAN /srv/bad/{plugin_dir}; echo no > /srv/bad/{plugin_dir}/bad.so; "
                           "printf 'Package: romp-plugin-bad\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@x.example>\\n"
                           "Description: bad\\n' >/srv/bad/DEBIAN/control; dpkg-deb -b /srv/bad /srv/made/romp-plugin-bad_1_all.deb")
        self.install("romp-plugin-bad", folder="/srv/made")
        eventually(lambda: "bad.so: " in self.machine.journal(), "the reason")
        self.assertEqual(self.client.ask("/virt/greet"), "pong")
        self.machine.run("dpkg", "--purge", "romp-plugin-bad")

    def test_08_ends_a_plugin_whose_package_is_removed(self):
        self.machine.run("dpkg", "--remove", "romp-plugin-greet")
        self.reloaded_plugin("greet", "ended")
        self.assertEqual(self.client.ask("/virt/ping"), "pong")
        self.assertRegex(self.client.ask("/virt/greet"), "^ERROR ")
        self.machine.run("test", "-e", "/etc/romp/plugins.d/greet.ini")
        self.machine.run("systemctl", "restart", "romp")
        self.assert_answers()

    def test_09_reloads_only_what_is_right(self):
        pid = self.machine.property("MainPID")
        self.machine.write("/etc/romp/conf.d/x.ini", "[nonsense]\n")
        with self.assertRaises(Failed):
            self.machine.run("systemctl", "reload", "romp")
        self.assertIn("x.ini:1", self.machine.journal())
        self.machine.write("/etc/romp/conf.d/x.ini", "")
        self.machine.run("systemctl", "reload", "romp")
        eventually(lambda: self.machine.property("ActiveState") == "active", "the end of the reload")
        self.assertEqual(self.machine.property("MainPID"), pid)

    def test_10_is_started_anew_when_it_is_killed(self):
        self.machine.run("kill", "-9", self.machine.property("MainPID"))
        eventually(lambda: self.machine.property("NRestarts") == "1" and self.is_active(), "a new start")
        self.assert_answers()

    def test_11_is_started_anew_when_a_worker_hangs(self):
        self.machine.write("/srv/hang.cpp", HOSTILE)
        self.machine.shell(
            "g++ -std=c++20 -O2 -shared -fPIC -fvisibility=hidden -fno-gnu-unique -Wl,-z,defs -Wl,-z,now "
            "-Wl,--version-script=$(pkg-config --variable=map romp-sdk) /srv/hang.cpp -o /srv/hang.so; "
            "install -m 644 /srv/hang.so $(pkg-config --variable=plugindir romp-sdk)")
        self.machine.write("/etc/systemd/system/romp.service.d/short.conf", "[Service]\nWatchdogSec=3\n")
        self.machine.shell("systemctl daemon-reload; systemctl restart romp")
        before = int(self.machine.property("NRestarts"))
        with Client(self.machine) as client:
            client.send("/virt/hang")
            eventually(lambda: "worker 0 does not answer" in self.machine.journal(), "the worker is named")
            eventually(lambda: int(self.machine.property("NRestarts")) > before and self.is_active(), "a new start")
        self.assertIn("Watchdog timeout", self.machine.journal())
        self.machine.shell("rm $(pkg-config --variable=plugindir romp-sdk)/hang.so "
                           "/etc/systemd/system/romp.service.d/short.conf; systemctl daemon-reload; systemctl restart romp")

    def test_12_listens_below_1024_where_systemd_opens_the_port(self):
        self.machine.write("/etc/romp/conf.d/x.ini", "[server]\nallow_anonymous = yes\n"
                           "[listener web]\naddress = ::\nport = 80\n")
        self.machine.shell("systemctl stop romp; systemctl enable romp.socket; systemctl start romp.socket romp")
        self.assert_answers(port=80)
        self.assertEqual(self.machine.property("StatusText"), "Takes clients on 3 ports")
        self.machine.shell("systemctl disable romp.socket; systemctl stop romp romp.socket; : >/etc/romp/conf.d/x.ini; "
                           "systemctl start romp")

    def test_13_stops_in_order(self):
        with Client(self.machine):
            self.machine.run("systemctl", "stop", "romp")
        self.assertEqual(self.machine.property("Result"), "success")
        self.assertIn("romp has ended", self.machine.journal())
        self.machine.run("systemctl", "start", "romp")

    def test_14_keeps_what_the_administrator_has_changed_when_it_is_upgraded(self):
        self.machine.shell("echo '# mine' >>/etc/romp/romp.ini; chmod 600 /etc/romp/romp.ini; chown romp /etc/romp/romp.ini; "
                           "dpkg-statoverride --update --add romp romp 700 /etc/romp/conf.d; "
                           "sed -i s/enabled.*/enabled=yes/ /etc/romp/plugins.d/echo.ini; "
                           "mkdir /srv/newer; cd /srv; for p in romp romp-plugins; do rm -rf t; "
                           "dpkg-deb -R debs/${p}_*.deb t; sed -i 's/^Version: .*/&+newer/' t/DEBIAN/control; "
                           "[ $p = romp-plugins ] || echo '# new' >>t/etc/romp/romp.ini; "
                           "dpkg-deb --root-owner-group -b t newer/${p}_2_x.deb; done")
        pid = self.machine.property("MainPID")
        self.machine.shell("dpkg --force-confdef --force-confold -i /srv/newer/*.deb")
        self.assertIn("+newer", self.machine.shell("dpkg-query -W romp"))
        eventually(self.is_active, "the new one")
        self.assertNotEqual(self.machine.property("MainPID"), pid)
        self.assertIn("# mine", self.machine.run("tail", "-1", "/etc/romp/romp.ini"))
        self.assertEqual(self.stat("/etc/romp/romp.ini"), "600 romp:romp")
        self.assertEqual(self.stat("/etc/romp/conf.d"), "700 romp:romp")
        self.assertEqual(self.stat("/etc/romp/plugins.d"), "750 root:romp")
        with Client(self.machine) as client:
            self.assertEqual(client.ask("/virt/echo"), "Hello from the machine")

    def test_15_starts_when_it_is_installed_once_more(self):
        self.machine.run("dpkg", "--remove", "romp-plugins", "romp")
        self.machine.shell("! systemctl is-active romp")
        self.install("romp", "romp-plugins")
        eventually(self.is_active, "the service")
        self.assert_answers()

    def test_16_keeps_configuration_when_it_is_removed_and_nothing_when_purged(self):
        self.machine.shell("dpkg --remove romp-plugins romp romp-sdk-dev")
        self.machine.shell("test -e /etc/romp/romp.ini; test ! -e /usr/sbin/romp; ! systemctl is-active romp")
        self.machine.shell("rm /etc/romp/conf.d/x.ini; dpkg --purge romp-plugins romp romp-plugin-greet; "
                           "dpkg-statoverride --remove /etc/romp/conf.d || true")
        left = self.machine.shell("find /etc/romp /var/lib/romp /var/log/romp /run/romp /lib/systemd /usr/lib/*/romp "
                                  "/etc/systemd -name '*romp*' 2>/dev/null || true")
        self.assertEqual(left, "")

    def assert_answers(self, port=61613):
        with Client(self.machine, port) as client:
            self.assertEqual(client.ask("/virt/ping"), "pong")

    def is_active(self):
        return self.machine.property("ActiveState") == "active"


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], failfast=True, verbosity=2)
