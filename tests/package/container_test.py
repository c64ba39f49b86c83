# SPDX-License-Identifier: Apache-2.0
"""The container's recipe, without an engine. Usage: container_test.py ROOT PACKAGES ARCHIVE

It is read as an engine would, its steps are run in a Debian of their own, and then its program, as its user, on a root
that is read-only; the health check has to say yes to it.
"""

import json
import re
import shlex
import shutil
import sys
import unittest
from pathlib import Path

from machine import run, unpack

ROOT, PACKAGES, ARCHIVE = (Path(arg).resolve() for arg in sys.argv[1:4])
RECIPE = ROOT / "packaging/container/Dockerfile"

# $1 is the root, $2 its user, $3 the program, $4 the health check; nothing of it reaches another process' network.
LIFE = r"""
ip link set lo up
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev"
mount -t tmpfs -o mode=777 tmpfs "$1/var/lib/romp"
inside() { chroot --userspec="$2" "$1" sh -c "$3"; }
inside "$1" "$2" 'id -u; touch /etc/x 2>&1 || true'
chroot --userspec="$2" "$1" sh -c "exec $3" >/dev/null 2>"$5" & broker=$!
for attempt in $(seq 100); do
  if inside "$1" "$2" "$4" 2>/dev/null; then healthy=yes; break; fi
  sleep 0.1
done
echo "healthy: ${healthy-no}"
kill "$broker"; wait "$broker" && echo ended in order
if inside "$1" "$2" "$4" 2>/dev/null; then echo healthy without a broker; fi
"""


def instructions():
    """(word, rest) for each, lines that go on put together."""
    text = re.sub(r"^#.*\n", "", RECIPE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            word, rest = line.split(None, 1)
            yield word, rest.strip()


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.steps = list(instructions())

    def of(self, word):
        return [rest for kind, rest in self.steps if kind == word]

    def test_the_recipe_is_clean(self):
        self.assertEqual(self.steps[0], ("FROM", "debian:12-slim"))
        self.assertRegex(self.of("USER")[-1], r"^romp:romp$")
        self.assertEqual(len(self.of("HEALTHCHECK")), 1)
        json.loads(self.of("ENTRYPOINT")[0])
        for step in self.of("RUN"):
            for install in re.findall(r"apt-get install[^&]*", step):
                self.assertIn("-y --no-install-recommends", install)
            self.assertIn("rm -rf /packages /var/lib/apt/lists/*", step)
            self.assertNotRegex(step, r"\bsudo\b|\bcd /|apt-get upgrade|curl|wget")
        self.assertEqual({word for word, _ in self.steps} - {"FROM", "COPY", "RUN", "USER", "EXPOSE", "STOPSIGNAL",
                                                             "HEALTHCHECK", "ENTRYPOINT"}, set(), "no ADD, no ENV")

    @unittest.skipUnless(shutil.which("shellcheck"), "NOT CHECKED: there is no shellcheck here")
    def test_its_shell_lines_are_clean(self):
        for step in self.of("RUN"):
            run("sh", "-c", f"printf '#!/bin/sh\\n%s\\n' {shlex.quote(step)} | shellcheck -")

    def test_it_runs_as_nobody_special_on_a_read_only_root_and_is_healthy(self):
        root = unpack(ARCHIVE)
        self.addCleanup(shutil.rmtree, root)
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        for word, rest in self.steps:
            if word == "COPY":
                self.copy(rest.split(), root)
            elif word == "RUN":
                run("unshare", "-m", "sh", "-c", 'mount -t proc proc "$1/proc"; chroot "$1" sh -ec "$2"', "sh", root, rest)
        health = json.loads(re.search(r"CMD (\[.*\])", self.of("HEALTHCHECK")[0])[1])
        program = json.loads(self.of("ENTRYPOINT")[0])
        said = run("unshare", "-m", "-n", "-p", "-f", "sh", "-c", LIFE, "sh", root, self.of("USER")[-1],
                   shlex.join(program), shlex.join(health), root.with_suffix(".log"))
        log = root.with_suffix(".log")
        self.addCleanup(log.unlink)
        self.assertNotEqual(said.split()[0], "0", said)
        self.assertIn("Read-only file system", said)
        self.assertIn("healthy: yes", said, log.read_text())
        self.assertIn("listens on 0.0.0.0:61613", log.read_text())
        self.assertIn("listens on 0.0.0.0:8080", log.read_text())
        self.assertIn("ended in order", said, log.read_text())
        self.assertNotIn("healthy without a broker", said)

    def copy(self, words, root):
        *sources, target = words
        folder = root / target.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            base = PACKAGES if source.startswith("build/deb/") else ROOT
            found = list(base.glob(source.removeprefix("build/deb/") if base == PACKAGES else source))
            self.assertTrue(found, source)
            for file in found:
                shutil.copy(file, folder)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
