# SPDX-License-Identifier: Apache-2.0
"""Every code block of the SDK's pages compiles. Usage: pages_test.py SOURCE ROMP

A block that begins with #include is a file. Other blocks in C++ are what stands in the lambda of
ROMP_PLUGIN_CPP; blocks of an ini file are given to `romp --check-config`.
"""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, ROMP = (Path(a).resolve() for a in sys.argv[1:3])
INCLUDE = SOURCE / "sdk/include"
STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")


def blocks(language):
    for page in sorted((SOURCE / "sdk").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.M | re.S):
            yield f"{page.name}:{text[:match.start()].count(chr(10)) + 2}", match[1]


class Pages(unittest.TestCase):
    def compile(self, compiler, standard, suffix, code):
        with tempfile.TemporaryDirectory() as work:
            file = Path(work) / f"block.{suffix}"
            file.write_text(code)
            done = subprocess.run([compiler, f"-std={standard}", *STRICT, f"-I{INCLUDE}", "-fsyntax-only", file],
                                  text=True, capture_output=True, check=False, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_blocks_in_cpp(self):
        found = list(blocks("cpp"))
        self.assertGreater(len(found), 7)
        for place, code in found:
            if not code.startswith("#include"):
                code = f"#include <romp/plugin.hpp>\nvoid example(romp::plugin& p);\nvoid example(romp::plugin& p) {{\n{code}}}\n"
            with self.subTest(block=place):
                self.compile("c++", "c++17", "cpp", code)

    def test_blocks_in_c(self):
        for place, code in blocks("c"):
            with self.subTest(block=place):
                self.compile("cc", "c99", "c", code)

    def test_blocks_of_an_ini_file(self):
        found = list(blocks("ini"))
        self.assertTrue(found)
        for place, code in found:
            with self.subTest(block=place), tempfile.TemporaryDirectory() as work:
                file = Path(work) / "romp.ini"
                file.write_text(code)
                done = subprocess.run([ROMP, "-c", file, "--check-config"], text=True, capture_output=True,
                                      check=False, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_rust_block_is_the_template(self):
        (_, code), = blocks("rust")
        template = (SOURCE / "sdk/template/rust/lib.rs").read_text(encoding="utf-8")
        self.assertEqual(code, re.sub(r"// A SEND.*\n", "", template.replace("@name@", "ping")))

    def test_the_reference_is_what_the_headers_say(self):
        done = subprocess.run([sys.executable, SOURCE / "sdk/reference.py", "--check"], text=True,
                              capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
