# SPDX-License-Identifier: Apache-2.0
"""The bridge to ActiveMQ. Usage: activemq_test.py BROKER BUILD_FOLDER"""

import sys
import unittest
from pathlib import Path

from forward import Forward
from other_brokers import ActiveMq


class ToActiveMq(Forward):
    binary, build = (Path(arg).resolve() for arg in sys.argv[1:3])
    other = ActiveMq


del Forward

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
