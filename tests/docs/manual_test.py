# SPDX-License-Identifier: Apache-2.0
"""The manual pages and the completion are whole, and roff has nothing to say against them.
Usage: manual_test.py ROOT ROMP ..., with the other programs beside the daemon.
"""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT, BINARIES = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve().parent
PAGES = sorted((ROOT / "packaging/man").glob("*.[1-8]"))
SAMPLE = ROOT / "etc/romp.ini"
COMPLETION = ROOT / "packaging/completion"
# Each program and command that has a --help of its own; its first word is that of the page.
COMMANDS = ["romp", "romp-plugin-check", "rompctl", "rompctl passwd", "rompctl passwd add", "rompctl passwd remove",
            "rompctl passwd check"]


def page_of_the_configuration():
    return subprocess.run([sys.executable, "-B", ROOT / "packaging/man/romp_ini.py", SAMPLE, "/plugins/are/here"],
                          check=True, capture_output=True, text=True).stdout


def help_of(command):
    program, *words = command.split()
    return subprocess.run([BINARIES / program, *words, "--help"], check=True, capture_output=True, text=True).stdout


def words_of(command):
    """The options and commands that its --help lists."""
    text = help_of(command)
    options = re.findall(r"^  (-[^ ]+)", text, re.MULTILINE)
    commands = re.search(r"^Subcommands:\n((?:  .*\n)+)", text, re.MULTILINE)
    listed = re.findall(r"^  (\w+)", commands[1], re.MULTILINE) if commands else []
    return {word for option in options for word in option.split(",")} - {"-h"} | set(listed)


def completions(line):
    """What bash offers behind the words of the line, whose last one is the beginning of one, or empty."""
    words = line.split(" ")
    script = '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ' \
             'compopt() { :; }; eval "$(complete -p "$1" | sed -E "s/.* -F ([^ ]+) .*/\\1/")"; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-uc", script, "bash", COMPLETION / words[0], *words], check=True, capture_output=True,
                          text=True)
    return set(done.stdout.split())


class Manual(unittest.TestCase):
    def test_every_option_of_a_program_is_on_its_page(self):
        for command in COMMANDS:
            page = next(path for path in PAGES if path.stem == command.split()[0]).read_text(encoding="utf-8")
            bold = " ".join(re.findall(r"^\.[BRI]+ (.*)", page.replace("\\-", "-"), re.MULTILINE))
            for word in words_of(command) - {"--help", "--version"}:
                with self.subTest(command=command, word=word):
                    self.assertRegex(bold, rf"(?<![\w-]){word}(?![\w-])")

    def test_every_option_of_a_program_is_completed(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assertEqual(words_of(command) - completions(command + " -") - completions(command + " "), set())

    def test_nothing_is_completed_that_a_program_does_not_take(self):
        for command in COMMANDS:
            program = command.split()[0]
            taken = set().union(*(words_of(other) for other in COMMANDS if other.split()[0] == program))
            with self.subTest(command=command):
                self.assertLessEqual(completions(command + " -"), taken)
                self.assertTrue(completions(command + " -"))

    def test_every_key_of_the_sample_has_its_entry_and_every_section_its_words(self):
        page = page_of_the_configuration()
        keys = re.findall(r"^(?:#   )?([a-z_]+)(?: =|: [A-Za-z])", SAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertGreater(len(keys), 80)
        for key in keys:
            with self.subTest(key=key):
                self.assertRegex(page, rf"(?m)^\.B {key}$")
        for title, words in re.findall(r'^\.SH "\[(.*)\]"\n(.*)$', page, re.MULTILINE):
            with self.subTest(section=title):
                self.assertNotEqual(words, "", "SECTIONS of packaging/man/romp_ini.py lacks it")
        self.assertIn("/plugins/are/here", page)

    @unittest.skipUnless(shutil.which("groff"), "NOT CHECKED: there is no groff here")
    def test_roff_warns_of_nothing(self):
        for text in [page_of_the_configuration(), *(page.read_text(encoding="utf-8") for page in PAGES)]:
            done = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8", "-K", "utf8"], input=text, text=True,
                                  capture_output=True, check=False)
            with self.subTest(page=text.split("\n", 1)[0]):
                self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
