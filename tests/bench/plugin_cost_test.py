# SPDX-License-Identifier: Apache-2.0
"""What an empty filter costs, in instructions, which no other load on the machine changes.
Usage: plugin_cost_test.py PLUGIN_COST

The limits are a quarter above what was counted when they were written, in the preset dev, loop included. Time is
measured by `plugin-bench`, on a quiet machine.
"""

import os
import re
import shutil
import subprocess
import sys
import unittest

PROGRAM = sys.argv[1]
FRAMES = 20_000  # so many that what happens now and then, a clock that is read, does not count


def instructions(kind, filters, frames):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM, kind,
                           str(filters), str(frames)], text=True, capture_output=True, timeout=120, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def of_a_frame(kind, filters):
    """Whatever is done once is in both figures, and falls out."""
    return (instructions(kind, filters, 2 * FRAMES) - instructions(kind, filters, FRAMES)) / FRAMES


@unittest.skipUnless(shutil.which("valgrind"), "NOT CHECKED: there is no valgrind on this machine")
@unittest.skipUnless(os.uname().machine == "x86_64", "NOT CHECKED: the limits are for x86-64")
class Cost(unittest.TestCase):
    def at_most(self, limit, what, cost):
        print(f"{what}: {cost:.1f} instructions")
        self.assertLessEqual(cost, limit, what)

    def test_a_further_filter(self):
        for kind, limit in (("concurrent", 92), ("serial", 185)):
            cost = (of_a_frame(kind, 16) - of_a_frame(kind, 1)) / 15
            self.at_most(limit, f"a further {kind} filter", cost)

    def test_a_frame_with_one_filter(self):
        self.at_most(548, "a frame with one filter", of_a_frame("concurrent", 1))

    def test_a_frame_that_nobody_asked_for(self):
        self.at_most(10, "a frame that nobody asked for", of_a_frame("others", 0))

    def test_sixteen_filters_on_other_destinations(self):
        self.at_most(21, "16 filters on other destinations", of_a_frame("others", 16))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
