# SPDX-License-Identifier: Apache-2.0
"""romp-plugin-check says what it finds. Usage: check_test.py CHECKER BUNDLED HOSTILE (two directories)"""

import json
import subprocess
import sys
import unittest
from pathlib import Path

CHECKER, BUNDLED, HOSTILE = (Path(a).resolve() for a in sys.argv[1:4])

# What is refused, and the sentence.
REFUSED = {
    "create_fails": "error: create failed (-1): key 'pattern': unbalanced '('",
    "crash_constructor": "error: loading: crashed with SIGSEGV",
    "crash_create": "error: create: crashed with SIGABRT",
    "exit_create": "error: create: called exit(3); it printed: giving up",
    "hang_create": "error: create: did not come to an end in 2 s",
    "crash_frame": "error: filter tiny with as few headers as there can be: crashed with SIG",
    "returns_77": "error: filter tiny failed on a body",
    "throws": "error: filter throws failed on a body",
    "no_note": "error: not a romp plugin: it carries no romp note",
    "no_entry": "error: it exports no symbol romp_plugin_entry",
    "null_entry": "error: romp_plugin_entry(1) returned NULL: it does not serve ABI 1",
    "short_descriptor": "error: descriptor is 24 bytes, ABI 1.0 needs at least 120",
    "id_differs": "error: descriptor and note disagree on the id",
    "other_major": "error: built for plugin ABI 2, this broker speaks 1 (1.0): rebuild it with SDK 1.x",
    "newer_minor": "error: needs plugin ABI 1.1, this broker offers 1.0: upgrade romp",
    "needs_interface": "error: needs interface romp.client/2; this broker offers romp.admin/1",
    "undefined_symbol": "error: undefined symbol: no_such_function",
    "filter_tail": "error: create failed (-5): add_filter: 8 bytes beyond ABI 1.0 are not zero (ROMP_E_TOOBIG)",
    "exports_more": "link with romp-plugin.map",
    "start_fails": "error: start failed (",
    "denied": "error: create failed (",
}


def check(*words, limit=60):
    return subprocess.run([CHECKER, "--limit", str(limit), *words], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False)


class Check(unittest.TestCase):
    def test_bundled_plugins_are_good(self):
        for file in sorted(BUNDLED.glob("*.so")):
            with self.subTest(plugin=file.name):
                done = check(file)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertNotIn("warning", done.stdout)

    def test_hostile_plugins_are_refused_with_their_sentence(self):
        for name, sentence in REFUSED.items():
            with self.subTest(plugin=name):
                done = check(HOSTILE / f"{name}.so", limit=2 if name.startswith("hang") else 60)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn(sentence, done.stdout)

    def test_the_static_part_runs_nothing_of_the_file(self):
        done = check("--static", HOSTILE / "crash_constructor.so")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("crash-constructor 1.0.0, good", done.stdout)

    def test_keys_chain_and_figures_are_listed(self):
        done = check("--keys", "--chain", "--bench", "--set", "rate=10", BUNDLED / "limit.so")
        self.assertRegex(done.stdout, r"keys\n(    .*\n)*    rate \(int, default ")
        self.assertRegex(done.stdout, r"chain\n    \S+ on ")
        self.assertRegex(done.stdout, r"figures\n    filter \S+: \d+ ns a frame")

    def test_json_is_for_programs(self):
        reports = json.loads(check("--json", "--static", BUNDLED / "ping.so", HOSTILE / "no_note.so").stdout)
        self.assertEqual([r["good"] for r in reports], [True, False])
        self.assertEqual((reports[0]["id"], reports[0]["abi"]), ("ping", "1.0"))
        self.assertEqual(reports[1]["findings"][0]["severity"], "error")

    def test_settings_are_given_to_the_plugin(self):
        good = check("--set", "stage=3", HOSTILE / "probe.so")
        self.assertEqual(good.returncode, 0, good.stdout)
        bad = check("--set", "stage=three", HOSTILE / "probe.so")
        self.assertIn('stage: "three" is not a whole number', bad.stdout)
        self.assertEqual(check("--set", "stage", HOSTILE / "probe.so").returncode, 64)

    def test_a_missing_file_and_a_wrong_command_line_have_their_status(self):
        self.assertEqual(check("/nowhere/x.so").returncode, 1)
        self.assertEqual(check("--no-such-option", "x").returncode, 64)
        self.assertEqual(check().returncode, 64)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
