# SPDX-License-Identifier: Apache-2.0
"""Runs every code block of README.md. Usage: readme_test.py ROOT BROKER PLUGIN_FOLDER

A block that no test here has taken is a failure: what stands in the README works, or does not stand there.
"""

import importlib.util
import os
import re
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "clients"))
from netcat import path_with_nc  # noqa: E402
from running_broker import RunningBroker  # noqa: E402

ROOT, BROKER, PLUGINS = (Path(arg).resolve() for arg in sys.argv[1:4])
README = (ROOT / "README.md").read_text(encoding="utf-8")

def blocks():
    """Every code block as (language, text)."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    taken = set()

    @classmethod
    def block(cls, language, part):
        """The one block of that language that contains `part`."""
        found = [text for kind, text in blocks() if kind == language and part in text]
        assert len(found) == 1, f"{len(found)} blocks of {language} have {part!r}"
        cls.taken.add(found[0])
        return found[0]

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def start(self, plugins=PLUGINS):
        broker = self.enterContext(RunningBroker(BROKER, plugins))
        return broker.port

    def run_shell(self, text, **options):
        return subprocess.run(["sh", "-euc", text], check=True, capture_output=True, timeout=60, **options).stdout

    def test_the_commands_are_commands_of_dev(self):
        dev = (ROOT / "dev").read_text(encoding="utf-8")
        for command in ("run", "test"):
            self.assertEqual(self.block("sh", f"./dev {command}\n"), f"./dev {command}\n")
            self.assertRegex(dev, rf"(?m)^  {command}\) ")

    def test_ci_runs_the_same_test_command(self):
        command = self.block("sh", "./dev test\n").strip()
        ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
        self.assertRegex(ci, rf"(?m)^(\s*step )?{re.escape(command)}$")

    def test_the_first_message_with_nc(self):
        port = self.start()
        text = self.block("sh", "nc 127.0.0.1").replace("61613", str(port))
        output = self.run_shell(text, env=dict(os.environ, PATH=path_with_nc(self.folder)))
        frames = [frame.lstrip(b"\n").split(b"\n")[0] for frame in output.split(b"\0")]
        self.assertEqual(frames[:3], [b"CONNECTED", b"MESSAGE", b"RECEIPT"], output)
        self.assertIn(b"\n\npong\0", output)

    def test_the_first_message_with_python(self):
        text = self.block("python", "import stomp")
        if importlib.util.find_spec("stomp") is None:
            self.skipTest("python3-stomp is not installed")
        port = self.start()
        program = self.folder / "first.py"
        program.write_text(text.replace("61613", str(port)), encoding="utf-8")
        output = subprocess.run([sys.executable, program], check=True, capture_output=True, timeout=20, text=True)
        self.assertEqual(output.stdout, "Hello, world\n")

    def test_the_first_plugin(self):
        (self.folder / "sdk").symlink_to(ROOT / "sdk")
        (self.folder / "build/dev/plugins").mkdir(parents=True, mode=0o755)
        (self.folder / "mine.cpp").write_text(self.block("cpp", "/virt/hello"), encoding="utf-8")
        self.run_shell("umask 022\n" + self.block("sh", "mine.cpp"), cwd=self.folder)
        port = self.start(self.folder / "build/dev/plugins")
        with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
            peer.sendall(b"CONNECT\naccept-version:1.2\nhost:h\n\n\0"
                         b"SEND\ndestination:/virt/hello\n\nreader\0"
                         b"DISCONNECT\nreceipt:bye\n\n\0")
            answer = peer.makefile("rb").read()
        self.assertIn(b"\n\nHello, reader\0", answer)

    def test_the_configuration_is_good(self):
        (self.folder / "romp.ini").write_text(self.block("ini", "[server]"), encoding="utf-8")
        (self.folder / "build/dev/bin").mkdir(parents=True)
        (self.folder / "build/dev/bin/romp").symlink_to(BROKER)
        output = self.run_shell(self.block("sh", "--check-config"), cwd=self.folder)
        self.assertEqual(output, b"the configuration is good\n")

    @classmethod
    def tearDownClass(cls):
        forgotten = [text for _, text in blocks() if text not in cls.taken]
        assert not forgotten, "nothing tests these blocks of README.md:\n" + "\n".join(forgotten)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
