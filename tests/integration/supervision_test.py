# SPDX-License-Identifier: Apache-2.0
"""The daemon under a service manager, which this test plays. Usage: supervision_test.py BROKER PLUGINS

It is told of readiness, reloads and the end on a socket, expects signs of life there, and passes sockets that listen.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

BROKER, PLUGINS = (Path(arg).resolve() for arg in sys.argv[1:3])
PATIENCE = 20
BAD_CONFIGURATION = 78
CONNECT = b"CONNECT\naccept-version:1.2\nhost:h\n\n\0"

# The number of the process is known only to itself; $1 is the number of sockets.
PASS_ON = 'LISTEN_PID=$$ LISTEN_FDS=$1; export LISTEN_PID LISTEN_FDS; shift; exec "$@"'


class Manager:
    """What a service manager has of a service: a socket that it hears it on, and its process."""

    def __init__(self, folder, ini, watchdog=None, sockets=()):
        self.folder = folder
        self.hears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.hears.bind(str(folder / "notify"))
        self.hears.settimeout(PATIENCE)
        self.write(ini)
        self.log = folder / "log"
        environment = dict(os.environ, NOTIFY_SOCKET=str(folder / "notify"))
        if watchdog:
            environment["WATCHDOG_USEC"] = str(int(watchdog * 1_000_000))
        command = [BROKER, "-c", folder / "romp.ini"]
        if sockets:
            command = ["sh", "-c", PASS_ON, "sh", str(len(sockets)), *command]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log, env=environment,
                                            preexec_fn=lambda: place_from_three_on(sockets), close_fds=False)

    def write(self, ini):
        (self.folder / "romp.ini").write_text(ini, encoding="utf-8")

    def hear(self):
        """The next thing it says, as a dictionary."""
        return dict(line.split("=", 1) for line in self.hears.recv(4096).decode().splitlines())

    def hear_until(self, key):
        while key not in (said := self.hear()):
            pass
        return said

    def forget_what_was_said(self):
        self.hears.settimeout(0)
        try:
            while True:
                self.hears.recv(4096)
        except BlockingIOError:
            self.hears.settimeout(PATIENCE)

    def port(self):
        return int(re.search(r"listens on 127\.0\.0\.1:(\d+)", self.log.read_text())[1])

    def wait_for_log(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.log.read_text():
            assert time.monotonic() < end, f"no {text!r} in:\n{self.log.read_text()}"
            time.sleep(0.005)

    def end(self):
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.hears.close()


def place_from_three_on(sockets):
    """Whatever was there; they are copied to high numbers first, so that none is lost."""
    high = [os.dup2(s.fileno(), 100 + i) for i, s in enumerate(sockets)]
    for i, descriptor in enumerate(high):
        os.dup2(descriptor, 3 + i)
        os.close(descriptor)


def listening(port=0):
    return socket.create_server(("127.0.0.1", port))


def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as peer:
        peer.sendall(CONNECT)
        return peer.recv(4096)


class Supervision(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def start(self, ini="[server]\nports = 0\n", **options):
        manager = Manager(self.folder, ini, **options)
        self.addCleanup(manager.end)
        return manager

    def test_says_that_it_is_ready_when_clients_may_come(self):
        manager = self.start()
        said = manager.hear()
        self.assertEqual(said["READY"], "1")
        self.assertEqual(said["STATUS"], "Takes clients on 1 ports")
        self.assertTrue(connected(manager.port()).startswith(b"CONNECTED"))

    def test_says_when_it_reads_its_configuration_again_and_when_it_has(self):
        manager = self.start(watchdog=5)
        manager.hear_until("READY")
        manager.process.send_signal(signal.SIGHUP)
        self.assertEqual(manager.hear_until("RELOADING")["WATCHDOG_USEC"], "50000000")
        self.assertEqual(manager.hear_until("READY")["WATCHDOG_USEC"], "5000000")

    def test_is_ready_again_after_a_configuration_that_is_wrong(self):
        manager = self.start()
        manager.hear_until("READY")
        manager.write("[nonsense]\n")
        manager.process.send_signal(signal.SIGHUP)
        manager.hear_until("RELOADING")
        manager.hear_until("READY")
        self.assertTrue(connected(manager.port()).startswith(b"CONNECTED"))

    def test_says_when_it_begins_to_end(self):
        manager = self.start()
        manager.hear_until("READY")
        manager.process.send_signal(signal.SIGTERM)
        manager.hear_until("STOPPING")
        self.assertEqual(manager.process.wait(PATIENCE), 0)
        self.assertIn("romp has ended", manager.log.read_text())

    def test_gives_signs_of_life_while_its_workers_do(self):
        manager = self.start("[server]\nports = 0\nworkers = 3\n", watchdog=0.4)
        for _ in range(5):
            self.assertEqual(manager.hear_until("WATCHDOG")["WATCHDOG"], "1")

    def test_gives_none_without_a_watchdog(self):
        manager = self.start()
        manager.hear_until("READY")
        manager.process.send_signal(signal.SIGHUP)
        self.assertNotIn("WATCHDOG_USEC", manager.hear())

    def test_gives_no_sign_of_life_while_one_of_its_workers_gives_none(self):
        blocked = 2.0
        manager = self.start(f"[server]\nports = 0\nworkers = 2\n[plugins]\ndir = {self.with_plugin('slow')}\n"
                             f"[plugin slow]\nfor = {int(blocked * 1000)}ms\n", watchdog=0.4)
        manager.hear_until("WATCHDOG")
        with socket.create_connection(("127.0.0.1", manager.port()), timeout=PATIENCE) as peer:
            since = time.monotonic()
            peer.sendall(CONNECT + b"SEND\ndestination:/t/slow\n\n\0")
            manager.wait_for_log("does not answer: the watchdog is not told")
            manager.forget_what_was_said()
            manager.hear_until("WATCHDOG")
            self.assertGreater(time.monotonic() - since, blocked)
        self.assertEqual(len(re.findall("worker [01] does not answer", manager.log.read_text())), 1)

    def test_listens_on_sockets_that_it_is_passed(self):
        with listening() as first, listening() as second:
            ports = [s.getsockname()[1] for s in (first, second)]
            manager = self.start(f"[server]\nports = {ports[1]}\n[listener web]\nport = {ports[0]}\n",
                                 sockets=(first, second))
            manager.hear_until("READY")
            for port in ports:
                self.assertTrue(connected(port).startswith(b"CONNECTED"))
            self.assertEqual(manager.end(), 0)

    def test_takes_a_client_that_came_before_it_was_started(self):
        with listening() as early:
            port = early.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as peer:
                peer.sendall(CONNECT)
                self.start(f"[server]\nports = {port}\n", sockets=(early,))
                self.assertTrue(peer.recv(4096).startswith(b"CONNECTED"))

    def test_takes_a_socket_of_every_address_in_whichever_family_it_is_written(self):
        with socket.create_server(("0.0.0.0", 0)) as wide:
            port = wide.getsockname()[1]
            manager = self.start(f"[server]\nports = 0\nallow_anonymous = yes\n[listener w]\naddress = ::\nport = {port}\n", sockets=(wide,))
            manager.hear_until("READY")
            self.assertTrue(connected(port).startswith(b"CONNECTED"))

    def test_does_not_start_with_a_socket_that_no_listener_wants(self):
        with listening() as unwanted, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            port = unwanted.getsockname()[1]
            manager = self.start(sockets=(unwanted, other))
            self.assertEqual(manager.process.wait(PATIENCE), BAD_CONFIGURATION)
            said = manager.log.read_text()
            self.assertIn(f"descriptor 3, 127.0.0.1 port {port}, and no listener has this", said)
            self.assertIn("descriptor 4, which is not a TCP socket that listens", said)

    def with_plugin(self, name):
        folder = self.folder / "plugins"
        folder.mkdir(mode=0o755)
        (folder / f"{name}.so").write_bytes((PLUGINS / f"{name}.so").read_bytes())
        (folder / f"{name}.so").chmod(0o644)
        return folder


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
