# SPDX-License-Identifier: Apache-2.0
"""Pages tell the truth about the tree. Usage: pages_test.py ROOT ...

Links lead to files that are there, and so do the names of files and functions that ARCHITECTURE.md gives.
"""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve()
PAGES = sorted(page for pattern in ("*.md", "core/**/*.md", "sdk/**/*.md", "plugins/**/*.md", "tests/**/*.md",
                                    "packaging/**/*.md") for page in ROOT.glob(pattern))


def without_code_blocks(page):
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def has_function(source, owner, name):
    if not owner:
        return re.search(rf"\b{name}\(", source)
    return f"{owner}::{name}(" in source or (
        re.search(rf"\b(class|struct) {owner}\b[^;]*{{", source) and re.search(rf"\b{name}\(", source))


class Pages(unittest.TestCase):
    def test_links_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", without_code_blocks(page)):
                if not re.match(r"[a-z]+:", target):
                    with self.subTest(page=page.name, link=target):
                        self.assertTrue((page.parent / target).exists())

    def test_the_readme_maps_every_folder(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for folder in ROOT.iterdir():
            hidden = folder.name.startswith(".") or folder.name == "build"
            if folder.is_dir() and not hidden and any(folder.iterdir()):
                self.assertIn(f"[{folder.name}/]({folder.name})", readme)

    def test_the_architecture_names_every_layer(self):
        page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
        for folder in (ROOT / "core").iterdir():
            if folder.is_dir():
                self.assertIn(f"| `{folder.name}` |", page)

    def test_the_architecture_names_files_and_functions_that_exist(self):
        page = without_code_blocks(ROOT / "ARCHITECTURE.md")
        sources = {path.relative_to(ROOT / "core").as_posix(): path.read_text(encoding="utf-8")
                   for path in (ROOT / "core").rglob("*.?pp")}
        for name in re.findall(r"`([a-z_]+/[a-z_]+\.[ch]pp)`", page):
            with self.subTest(file=name):
                self.assertTrue(name in sources)
        for owner, name in re.findall(r"`(?:(\w+)::)?(\w+)\(\)`", page):
            with self.subTest(function=f"{owner}::{name}"):
                self.assertTrue(any(has_function(text, owner, name) for text in sources.values()))

    def test_lines_fit(self):
        for page in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md"):
            for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
                with self.subTest(page=page, line=number):
                    self.assertTrue(len(line) <= 130 or line.startswith("|"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
