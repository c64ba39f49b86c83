# SPDX-License-Identifier: Apache-2.0
"""rompctl as an operator meets it: by pipe and by terminal. Usage: rompctl_test.py ROMPCTL"""

import os
import pty
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROMPCTL = sys.argv[1]


class Passwd(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "romp.passwd"

    def run_it(self, *words, typed="alohomora\n", file=True):
        command = [ROMPCTL, "passwd", *words, *(["--file", str(self.file)] if file else [])]
        return subprocess.run(command, input=typed, text=True, capture_output=True, timeout=30, check=False)

    def add(self, name, *more, typed="alohomora\n"):
        self.assertEqual(self.run_it("add", name, *more, typed=typed).returncode, 0)

    def test_adds_checks_and_removes(self):
        self.add("harry", "--role", "clerk", "--role", "admin")
        self.assertRegex(self.file.read_text(), r"\Aharry:\$y\$[^:]+:clerk,admin\n\Z")
        self.assertEqual(self.run_it("check", "harry").returncode, 0)
        self.assertEqual(self.run_it("check", "harry", typed="wrong\n").returncode, 1)
        self.assertEqual(self.run_it("check", "ron").returncode, 1)
        self.assertEqual(self.run_it("remove", "harry").returncode, 0)
        self.assertEqual(self.file.read_text(), "")

    def test_another_password_keeps_the_roles_and_the_other_lines(self):
        self.file.write_text("# ours\nron:" + "a" * 64 + ":true\n")
        self.add("ron")
        self.assertRegex(self.file.read_text(), r"\A# ours\nron:\$y\$[^:]+:true\n\Z")
        self.add("ron", "--no-role")
        self.assertRegex(self.file.read_text(), r"\A# ours\nron:\$y\$[^:]+\n\Z")

    def test_says_what_is_wrong_and_never_the_password(self):
        for words, typed, saying in [(("add", "a b"), "alohomora\n", "the name holds a blank"),
                                     (("add", "harry"), "\n", "the password is empty"),
                                     (("add", "harry"), "", "there was no password"),
                                     (("add", "harry", "--role", "a,b"), "alohomora\n", "is no role"),
                                     (("add", "harry"), "x" * 600 + "\n", "longer than 511"),
                                     (("remove", "harry"), "", "has no user harry")]:
            with self.subTest(words=words):
                done = self.run_it(*words, typed=typed)
                self.assertEqual(done.returncode, 1)
                self.assertIn(saying, done.stderr)
                self.assertNotIn("alohomora", done.stderr + done.stdout)
                self.assertFalse(self.file.exists() and self.file.read_text())

    def test_takes_no_password_as_an_argument(self):
        self.assertEqual(self.run_it("add", "harry", "alohomora").returncode, 64)
        self.assertEqual(self.run_it("frobnicate", "harry").returncode, 64)

    def test_finds_the_file_in_the_configuration(self):
        ini = self.file.with_name("romp.ini")
        ini.write_text(f"[server]\nuser_file = {self.file}\n")
        self.assertEqual(self.run_it("add", "harry", "--config", str(ini), file=False).returncode, 0)
        self.assertIn("harry:", self.file.read_text())
        ini.write_text("[server]\n")
        done = self.run_it("check", "harry", "--config", str(ini), file=False)
        self.assertIn("has no [server] user_file", done.stderr)

    def at_a_terminal(self, *lines):
        """Runs `passwd add harry` there; returns its exit status and what the terminal showed."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(ROMPCTL, [ROMPCTL, "passwd", "add", "harry", "--file", str(self.file)])
        shown = b""
        for question, line in lines:
            while question not in shown:
                shown += os.read(terminal, 1024)
            os.write(terminal, line)
        try:
            while piece := os.read(terminal, 1024):
                shown += piece
        except OSError:  # the child has gone
            pass
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown

    def test_asks_twice_at_a_terminal_and_shows_nothing(self):
        status, shown = self.at_a_terminal((b"Password of harry: ", b"open sesame\n"), (b"Again: ", b"open sesame\n"))
        self.assertEqual(status, 0)
        self.assertNotIn(b"sesame", shown)
        self.assertEqual(self.run_it("check", "harry", typed="open sesame\n").returncode, 0)

    def test_takes_no_password_that_was_typed_in_two_ways(self):
        status, shown = self.at_a_terminal((b"Password of harry: ", b"one\n"), (b"Again: ", b"two\n"))
        self.assertEqual(status, 1)
        self.assertIn(b"the two differ", shown)
        self.assertFalse(self.file.exists())

    def test_can_be_interrupted(self):
        status, shown = self.at_a_terminal((b"Password of harry: ", b"\x03"))
        self.assertEqual(status, 1)
        self.assertIn(b"interrupted", shown)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
