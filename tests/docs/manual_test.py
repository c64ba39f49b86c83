# SPDX-License-Identifier: Apache-2.0
"""The manual pages are whole, and roff has nothing to say against them. Usage: manual_test.py ROOT ..."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve()
PAGES = sorted((ROOT / "packaging/man").glob("*.[1-8]"))
SAMPLE = ROOT / "etc/romp.ini"


def page_of_the_configuration():
    return subprocess.run([sys.executable, "-B", ROOT / "packaging/man/romp_ini.py", SAMPLE, "/plugins/are/here"],
                          check=True, capture_output=True, text=True).stdout


class Manual(unittest.TestCase):
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
