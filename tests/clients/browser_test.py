# SPDX-License-Identifier: Apache-2.0
"""Opens the page of plugins/files in Debian's chromium, by browser_test.js. A screenshot of it on a desktop and on a
phone stays in the work folder. Usage: browser_test.py BROKER WORK_FOLDER PLUGINS WEB_ROOT"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from node_packages import fetch
from running_broker import skip

HERE = Path(__file__).parent


def main(broker, work, plugins, web_root):
    browser = shutil.which("chromium")
    if not browser:
        skip("chromium is not installed")
    modules = fetch(work)
    environment = dict(os.environ, NODE_PATH=str(modules), ROMP_BROKER=broker, ROMP_PLUGINS=plugins,
                       ROMP_WEB_ROOT=web_root, ROMP_WORK=work, ROMP_BROWSER=browser)
    return subprocess.run(["node", HERE / "browser_test.js"], env=environment, timeout=120, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
