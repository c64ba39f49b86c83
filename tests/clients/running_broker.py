# SPDX-License-Identifier: Apache-2.0
"""A broker for a test: started on a free port of 127.0.0.1, ended when the test is over."""

import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77  # what ctest takes for a test that was not run


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    sys.exit(SKIPPED)


class RunningBroker:
    """`with RunningBroker(binary) as broker:` gives its `port`. A broker that does not end orderly
    when told to makes the test fail. `server` are lines of the section [server]."""

    def __init__(self, binary, plugins="", sections="", server=""):
        self.binary = binary
        self.plugins = plugins
        self.server = server
        self.sections = sections

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="romp-test-")
        config = Path(self.folder.name, "romp.ini")
        config.write_text(f"[server]\nports = 0\ndrain_timeout = 2s\n{self.server}[plugins]\ndir = {self.plugins}\n"
                          f"{self.sections}",
                          encoding="utf-8")
        self.log = Path(self.folder.name, "log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([self.binary, "-c", config], stdout=log, stderr=log)
        self.port = self.wait_for_port()
        return self

    def wait_for_port(self):
        while True:
            if match := re.search(r"listens on 127\.0\.0\.1:(\d+)", self.log.read_text(errors="replace")):
                return int(match[1])
            try:
                status = self.process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"the broker ended with {status}:\n{self.log.read_text(errors='replace')}")

    def __exit__(self, kind, error, trace):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        text = self.log.read_text(errors="replace")
        self.folder.cleanup()
        if kind is not None or status != 0:
            print(f"the broker's log:\n{text}", file=sys.stderr)
        if kind is None and status != 0:
            raise RuntimeError(f"the broker ended with {status}")
