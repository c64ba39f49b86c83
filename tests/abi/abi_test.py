# SPDX-License-Identifier: Apache-2.0
"""The promise of the plugin ABI, kept by machine. Usage: abi_test.py SOURCE CHECKER ROMP [--freeze]

What is frozen of 1.0 lies in tests/abi/1.0 and never changes: the header, its face (everything the
preprocessor knows of it), a dump of every layout, and plugins as they were built then. --freeze
writes those files where there are none, when a minor is new.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FREEZE = "--freeze" in sys.argv
SOURCE, CHECKER, ROMP = (Path(a).resolve() for a in sys.argv[1:4])
HERE = SOURCE / "tests/abi"
FROZEN = HERE / "1.0"
INCLUDE = SOURCE / "sdk/include"
HEADERS = ("plugin.h", "destinations.h", "sessions.h", "admin.h", "client.h", "http.h")
MAP = SOURCE / "sdk/romp-plugin.map"
# Plugins whose binaries are kept, and the settings they need.
KEPT = {"ping": [], "auth": ["secret=sesame"], "resume_later": [], "keep_session": [], "many_tasks": []}
# Sources that must go on compiling against the header of 1.0.
CONFORMANCE = ("auth", "add_late", "keep_session", "lifecycle", "many_tasks", "resume_later", "wrong_thread",
               "defer_forever", "unsupported", "publish_loop")


def run(*command, good=True, cwd=None):
    done = subprocess.run([str(c) for c in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False, cwd=cwd)
    if good and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} gave {done.returncode}:\n{done.stdout}")
    return done


def build_plugin(source, to, include, *flags):
    run("cc", "-std=gnu11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror",
        f"-I{include}", f"-I{SOURCE}/tests/plugins", *flags, "-Wl,-z,defs", "-Wl,-z,now", "-pthread",
        "-Wl,-s", "-Wl,--build-id=none", f"-Wl,--version-script={MAP}", source, "-o", to)
    to.chmod(0o644)


def source_of(name):
    return SOURCE / ("plugins/ping-c/ping.c" if name == "ping" else f"tests/plugins/{name}.c")


class Abi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="romp-abi-"))
        cls.work.chmod(0o755)
        for name in HEADERS if FREEZE else ():
            to = FROZEN / "include/romp" / name
            to.parent.mkdir(parents=True, exist_ok=True)
            if not to.exists():
                shutil.copy(INCLUDE / "romp" / name, to)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    def face(self, include):
        """All that a compiler knows of the headers, without comments and without others' headers."""
        stubs = self.work / "stubs"
        stubs.mkdir(exist_ok=True)
        for name in ("stddef.h", "string.h"):
            (stubs / name).write_text("")
        (stubs / "stdint.h").write_text(
            "#define UINT64_C(x) x##ULL\n#define UINTPTR_MAX UINT64_C(0xffffffffffffffff)\n")
        text = "".join(f"#include <romp/{name}>\n" for name in HEADERS)
        (self.work / "face.c").write_text(text)
        lines = run("gcc", "-std=c99", "-nostdinc", f"-I{stubs}", f"-I{include}", "-E", "-P", "-dD",
                    self.work / "face.c").stdout.splitlines()
        ours = [line for line in lines if not re.match(r"#(define|undef) (?!ROMP_)", line)]
        return "\n".join(ours) + "\n"

    def dump_of(self, include, name, *flags):
        library = self.work / f"{name}.so"
        run("gcc", "-std=c99", "-g", "-fPIC", "-shared", f"-I{include}", *flags, HERE / "every_type.c", "-o", library)
        return library

    def frozen(self, path, make):
        if FREEZE and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            make(path)
        self.assertTrue(path.exists(), f"{path} is missing; it belongs to the source")
        return path

    def test_the_frozen_header_is_there(self):
        for name in HEADERS:
            self.assertTrue((FROZEN / "include/romp" / name).exists(), name)

    def test_the_face_of_1_0_has_not_changed(self):
        if not shutil.which("gcc"):
            self.skipTest("NOT CHECKED: there is no gcc on this machine")
        kept = self.frozen(FROZEN / "face.txt", lambda to: to.write_text(self.face(INCLUDE)))
        self.assertEqual(self.face(INCLUDE), kept.read_text())
        self.assertEqual(self.face(FROZEN / "include"), kept.read_text())

    def test_a_change_of_the_face_is_found(self):
        changed = self.work / "changed"
        shutil.copytree(INCLUDE, changed)
        header = changed / "romp/plugin.h"
        for before, after in (("#define ROMP_E_AGAIN (-6)", "#define ROMP_E_AGAIN (-16)"),
                              ("ROMP_CMD_ACK = 5", "ROMP_CMD_ACK = 25"),
                              ("uint64_t body_size;", "uint64_t body_length;")):
            text = (INCLUDE / "romp/plugin.h").read_text()
            self.assertIn(before, text)
            header.write_text(text.replace(before, after))
            self.assertNotEqual(self.face(changed), (FROZEN / "face.txt").read_text(), before)

    def test_the_layout_of_1_0_has_not_changed(self):
        if not shutil.which("abidw") or not shutil.which("abidiff"):
            self.skipTest("NOT CHECKED: libabigail's abidw and abidiff are not on this machine (abigail-tools)")
        kept = self.frozen(FROZEN / "layout.abi", self.write_dump)
        self.assertEqual(run("abidiff", "--harmless", kept, self.dump_of(INCLUDE, "now")).stdout.strip(), "")
        grown = self.newer_include()
        same = self.dump_of(grown, "target0", "-DROMP_TARGET_MINOR=0")
        self.assertEqual(run("abidiff", "--harmless", kept, same).stdout.strip(), "")
        larger = self.dump_of(grown, "target1", "-DROMP_TARGET_MINOR=1")
        self.assertNotEqual(run("abidiff", "--harmless", kept, larger, good=False).returncode, 0)

    def write_dump(self, to):
        run("abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--out-file", to,
            self.dump_of(INCLUDE, "golden"))
        to.write_text(to.read_text().replace(f"{SOURCE}/", ""))

    def test_conformance_plugins_compile_against_the_header_of_1_0_and_load_today(self):
        for name in CONFORMANCE:
            with self.subTest(plugin=name):
                so = self.work / f"{name}.so"
                build_plugin(source_of(name), so, FROZEN / "include")
                self.assertNotIn("error:", run(CHECKER, "--static", so).stdout)

    def test_plugins_built_with_1_0_load_and_run(self):
        if os.uname().machine != "x86_64":
            self.skipTest("NOT CHECKED: the binaries that are kept are for x86-64")
        for name, settings in KEPT.items():
            with self.subTest(plugin=name):
                kept = self.frozen(FROZEN / "x86_64" / f"{name}.so",
                                   lambda to, n=name: build_plugin(source_of(n), to, FROZEN / "include"))
                so = self.work / f"kept_{name}.so"
                shutil.copy(kept, so)
                so.chmod(0o644)
                words = [word for s in settings for word in ("--set", s)]
                self.assertIn("good", run(CHECKER, *words, so).stdout)

    # ---- targets and hosts ---------------------------------------------------------------------

    def newer_include(self):
        """The SDK of an ABI 1.1 that has one function more."""
        to = self.work / "newer"
        if to.exists():
            return to
        shutil.copytree(INCLUDE, to)
        header = to / "romp/plugin.h"
        text = header.read_text().replace("#define ROMP_ABI_MINOR 0u", "#define ROMP_ABI_MINOR 1u")
        marker = "  /* A later minor appends its block here, inside #if ROMP_TARGET_MINOR >= N. */\n"
        self.assertIn(marker, text)
        header.write_text(text.replace(
            marker, "#if ROMP_TARGET_MINOR >= 1\n  romp_status (*frame_rename)(const romp_host* host, "
                    "romp_frame* frame, uint32_t command);\n#endif\n"))
        return to

    def newer_host(self):
        """Two programs: what a broker of 1.1 says of a file, and what create sees there."""
        inspect, load = self.work / "newer_inspect", self.work / "newer_host"
        if not load.exists():
            include = self.newer_include()
            run("c++", "-std=c++20", f"-I{include}", f"-I{SOURCE}/core", "-DROMP_TARGET_MINOR=1",
                HERE / "newer_inspect.cpp", SOURCE / "core/plugin/inspect.cpp", "-o", inspect)
            run("c++", "-std=c++17", f"-I{include}", "-DROMP_TARGET_MINOR=1", HERE / "newer_host.cpp",
                "-ldl", "-o", load)
        return inspect, load

    def minor(self, name, *flags):
        so = self.work / f"{name}.so"
        build_plugin(HERE / "minor.c", so, self.newer_include(), *flags)
        return so

    def old_says(self, so):
        return run(CHECKER, so, good=False).stdout

    def test_target_0_loads_everywhere(self):
        so = self.minor("target0")
        inspect, load = self.newer_host()
        self.assertIn("minor 1.0.0, good", self.old_says(so))
        self.assertEqual(run(inspect, so).stdout, "good\n")
        self.assertEqual(run(load, so).stdout, "loads\n")

    def test_target_1_require_0_sees_what_the_host_has(self):
        so = self.minor("target1require0", "-DROMP_TARGET_MINOR=1", "-DROMP_REQUIRE_MINOR=0")
        inspect, load = self.newer_host()
        self.assertIn("create failed (-7): frame_rename is missing", self.old_says(so))
        self.assertEqual(run(inspect, so).stdout, "good\n")
        self.assertEqual(run(load, so).stdout, "frame_rename is there\n")

    def test_target_1_is_refused_by_the_older_host(self):
        so = self.minor("target1", "-DROMP_TARGET_MINOR=1")
        inspect, load = self.newer_host()
        self.assertIn("error: needs plugin ABI 1.1, this broker offers 1.0: upgrade romp, or rebuild with "
                      "ROMP_REQUIRE_MINOR=0\n", self.old_says(so))
        self.assertEqual(run(inspect, so).stdout, "good\n")
        self.assertEqual(run(load, so).stdout, "frame_rename is there\n")

    def test_a_newer_function_does_not_compile_with_target_0(self):
        done = run("cc", "-std=gnu11", f"-I{self.newer_include()}", "-DROMP_TEST_USES_NEWER", "-c",
                   HERE / "minor.c", "-o", self.work / "no.o", good=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout, re.compile(r"no member named .frame_rename."))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
