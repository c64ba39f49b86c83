# SPDX-License-Identifier: Apache-2.0
"""Runs stompjs_test.js against a broker. Usage: stompjs_test.py BROKER WORK_FOLDER"""

import os
import subprocess
import sys
from pathlib import Path

from node_packages import fetch
from running_broker import RunningBroker

HERE = Path(__file__).parent


def main(broker_binary, work):
    modules = fetch(work)
    return run(broker_binary, modules, "") or run(broker_binary, modules, "[web]\nwebsockets_deflate = yes\n")


def run(broker_binary, modules, sections):
    with RunningBroker(broker_binary, sections=sections) as broker:
        environment = dict(os.environ, NODE_PATH=str(modules), ROMP_PORT=str(broker.port),
                           ROMP_DEFLATE="1" if sections else "")
        return subprocess.run(["node", HERE / "stompjs_test.js"], env=environment, timeout=60,
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
