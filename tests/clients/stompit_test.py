# SPDX-License-Identifier: Apache-2.0
"""Fetches stompit (npm) into the work folder, once, and runs stompit_test.js against a broker.
Usage: stompit_test.py BROKER WORK_FOLDER"""

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

from running_broker import RunningBroker, skip

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json")


def fetch(work):
    """`npm ci` where it has not been done for this very lock file."""
    same, _, _ = filecmp.cmpfiles(HERE, work, FILES, shallow=False)
    if (work / "node_modules/stompit").is_dir() and len(same) == len(FILES):
        return
    for name in FILES:
        shutil.copy(HERE / name, work)
    try:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"], cwd=work, check=True,
                       timeout=15, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except subprocess.SubprocessError as error:
        shutil.rmtree(work / "node_modules", ignore_errors=True)
        skip(f"npm could not fetch stompit: {getattr(error, 'stderr', None) or error}")


def main(broker_binary, work):
    for program in ("node", "npm"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    work = Path(work, "stompit")
    work.mkdir(parents=True, exist_ok=True)
    fetch(work)
    with RunningBroker(broker_binary) as broker:
        environment = dict(os.environ, NODE_PATH=str(work / "node_modules"), ROMP_PORT=str(broker.port))
        return subprocess.run(["node", HERE / "stompit_test.js"], env=environment, timeout=15,
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
