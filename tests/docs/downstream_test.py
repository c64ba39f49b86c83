# SPDX-License-Identifier: Apache-2.0
"""Walks through plugins/downstream/README.md. Usage: downstream_test.py ROOT BROKER PLUGIN_FOLDER"""

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

from netcat import path_with_nc

ROOT, BROKER, PLUGINS = (Path(arg).resolve() for arg in sys.argv[1:4])
PAGE = (ROOT / "plugins/downstream/README.md").read_text(encoding="utf-8")
PATIENCE = 60


def block(language, part):
    """The one block of that language that contains `part`."""
    found = [text for kind, text in re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
             if kind == language and part in text]
    assert len(found) == 1, f"{len(found)} blocks of {language} have {part!r}"
    return found[0]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Downstream(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        (self.folder / "sdk").symlink_to(ROOT / "sdk")
        (self.folder / "build/dev/bin").mkdir(parents=True)
        (self.folder / "build/dev/bin/romp").symlink_to(BROKER)
        (self.folder / "build/dev/plugins").symlink_to(PLUGINS)
        self.ports = {"61614": str(free_port()), "61613": str(free_port())}

    def shell(self, text):
        for port, ours in self.ports.items():
            text = text.replace(port, ours)
        return ["sh", "-euc", "umask 022\n" + text]

    def run_in_terminal(self, name, text, said):
        """As a reader would, in a terminal of its own; returns when the broker has said that."""
        log = self.folder / f"{name}.log"
        command = text.replace("\nbuild/dev/bin/romp", "\nexec build/dev/bin/romp")
        with log.open("wb") as output:
            process = subprocess.Popen(self.shell(command), cwd=self.folder, stdout=output, stderr=output)
        self.addCleanup(self.end, process)
        end = time.monotonic() + PATIENCE
        while said not in log.read_text(errors="replace"):
            self.assertIsNone(process.poll(), log.read_text(errors="replace"))
            self.assertLess(time.monotonic(), end, log.read_text(errors="replace"))
            time.sleep(0.02)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 0)

    def test_a_client_of_the_edge_gets_its_answer_from_upstream(self):
        (self.folder / "logic.cpp").write_text(block("cpp", '"logic"'), encoding="utf-8")
        self.run_in_terminal("edge", block("sh", "edge.ini"), "listens on")
        self.run_in_terminal("upstream", block("sh", "upstream.ini"), "takes what is sent to memtop/up")
        environment = dict(os.environ, PATH=path_with_nc(self.folder))
        answer = subprocess.run(self.shell(block("sh", "| nc")), check=True, capture_output=True, timeout=PATIENCE,
                                cwd=self.folder, env=environment).stdout
        self.assertEqual(answer.count(b"MESSAGE\n"), 1, answer)
        for part in (b"\nto:A7\n", b"\ncorrelation-id:1\n", b"\n\nHello, reader\0"):
            self.assertIn(part, answer)

    def test_the_configurations_are_good(self):
        text = block("ini", "[plugin hq]").replace("file:/etc/romp/secret/hq", "secret").replace("tls = yes", "tls = no")
        (self.folder / "plugins").mkdir(mode=0o755)
        (self.folder / "plugins/downstream.so").write_bytes((PLUGINS / "downstream.so").read_bytes())
        (self.folder / "romp.ini").write_text(
            f"[server]\nports = {free_port()}\n[plugins]\non_error = stop\ndir = plugins\n" + text, encoding="utf-8")
        self.run_in_terminal("hq", "true\nbuild/dev/bin/romp -c romp.ini\n", "listens on")

    def test_every_key_is_explained(self):
        keys = re.findall(r'^    \{"(\w+)", "\w+", "', (ROOT / "plugins/downstream/settings.cpp").read_text(), re.M)
        self.assertGreater(len(keys), 20)
        for key in keys:
            self.assertIn(f"`{key}`", PAGE)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
