# SPDX-License-Identifier: Apache-2.0
"""The page of tests/security names tests that exist. Usage: security_test.py ROOT"""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve()
PAGE = (ROOT / "tests/security/README.md").read_text(encoding="utf-8")
SOURCES = [path.read_text(encoding="utf-8") for top in ("tests", "plugins") for path in (ROOT / top).rglob("*.cpp")]


class SecurityPage(unittest.TestCase):
    def test_names_tests_that_exist(self):
        there = {f"{suite}.{name}" for text in SOURCES
                 for suite, name in re.findall(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", text)}
        named = re.findall(r"`(\w+\.[A-Z]\w+)`", PAGE)
        self.assertGreater(len(named), 50)
        self.assertEqual([name for name in named if name not in there], [])

    def test_names_attacks_that_exist(self):
        table = (ROOT / "tests/security/hostile_input_test.cpp").read_text(encoding="utf-8")
        named = re.findall(r"`HostileInput/(\w+)`", PAGE)
        self.assertGreater(len(named), 30)
        self.assertEqual([name for name in named if f'{{"{name}"' not in table], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
