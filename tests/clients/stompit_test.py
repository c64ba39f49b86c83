# SPDX-License-Identifier: Apache-2.0
"""Runs stompit_test.js against a broker. Usage: stompit_test.py BROKER WORK_FOLDER"""

import os
import subprocess
import sys
from pathlib import Path

from node_packages import fetch
from running_broker import RunningBroker

HERE = Path(__file__).parent


def main(broker_binary, work):
    modules = fetch(work)
    with RunningBroker(broker_binary) as broker:
        environment = dict(os.environ, NODE_PATH=str(modules), ROMP_PORT=str(broker.port))
        return subprocess.run(["node", HERE / "stompit_test.js"], env=environment, timeout=15,
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
