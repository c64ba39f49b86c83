# SPDX-License-Identifier: Apache-2.0
"""Packages of npm for the tests of this folder, fetched once into a work folder."""

import fcntl
import filecmp
import shutil
import subprocess
from pathlib import Path

from running_broker import skip

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json")


def fetch(work):
    """`npm ci` where it has not been done for this very lock file. Returns the folder of modules."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    work = Path(work, "npm")
    work.mkdir(parents=True, exist_ok=True)
    with open(work / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        same, _, _ = filecmp.cmpfiles(HERE, work, FILES, shallow=False)
        if not (work / "node_modules").is_dir() or len(same) != len(FILES):
            install(work)
    return work / "node_modules"


def install(work):
    for name in FILES:
        shutil.copy(HERE / name, work)
    try:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"], cwd=work, check=True,
                       timeout=60, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except subprocess.SubprocessError as error:
        shutil.rmtree(work / "node_modules", ignore_errors=True)
        skip(f"npm could not fetch the packages: {getattr(error, 'stderr', None) or error}")
