# SPDX-License-Identifier: Apache-2.0
"""A broker with bridges for a test, and a STOMP client that says what went wrong."""

import re
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "clients"))
from running_broker import RunningBroker, skip  # noqa: E402,F401

PATIENCE = 20


def eventually(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"it never happened: {what}")
        time.sleep(0.02)


class BridgedBroker(RunningBroker):
    """A broker with the plugins of these names and sections of the ini."""

    def __init__(self, binary, build, plugins, sections, server=""):
        self.directory = tempfile.TemporaryDirectory(prefix="romp-test-plugins-")
        for name in plugins:
            shutil.copy(Path(build, name), self.directory.name)
        super().__init__(binary, self.directory.name, sections, server)

    def __exit__(self, *why):
        super().__exit__(*why)
        self.directory.cleanup()

    def text(self):
        return self.log.read_text(errors="replace")

    def metric(self, name):
        """The value of a bridge's metric, from the listener that the section [listener admin] opens."""
        port = re.search(r"listens on 127\.0\.0\.1:(\d+) \(admin\)", self.text())[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as page:
            return float(re.search(rf"^romp_plugin_{name}{{[^}}]*}} (.*)$", page.read().decode(), re.MULTILINE)[1])

    def says(self, text):
        eventually(lambda: text in self.text(), f"the log says '{text}':\n{self.text()}")


class Client:
    """One STOMP connection. Headers are neither escaped nor unescaped."""

    def __init__(self, port, connect=()):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.received = b""
        try:
            self.send("CONNECT", *connect)
            self.connected = self.expect("CONNECTED")
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, command, *headers, body=b""):
        lines = "".join(f"{name}:{value}\n" for name, value in headers)
        self.socket.sendall(f"{command}\n{lines}\n".encode() + body + b"\0")

    def frame(self):
        while (end := self.received.find(b"\n\n")) < 0 or self.rest_of(end) is None:
            if not (octets := self.socket.recv(65536)):
                raise AssertionError("the connection has been closed")
            self.received = (self.received + octets).lstrip(b"\n")
        body, self.received, headers = self.rest_of(end)
        command = headers.pop("")
        return command, headers, body

    def rest_of(self, end):
        """Body, what is behind it, headers; None while the body has not come whole."""
        command, *lines = self.received[:end].decode().split("\n")
        headers = {"": command}
        for name, _, value in (line.partition(":") for line in lines):
            headers.setdefault(name, value)
        begin = end + 2
        if "content-length" in headers:
            stop = begin + int(headers["content-length"])
        else:
            stop = self.received.find(b"\0", begin)
        if stop < 0 or len(self.received) <= stop:
            return None
        return self.received[begin:stop], self.received[stop + 1:].lstrip(b"\n"), headers

    def expect(self, command):
        got, headers, body = self.frame()
        if got != command:
            raise AssertionError(f"waited for {command}, got {got} {headers} {body!r}")
        return headers, body

    def complete(self, command, *headers, body=b""):
        """Returns when the server has confirmed it; MESSAGE frames must not come before."""
        self.send(command, *headers, ("receipt", "done"), body=body)
        self.expect("RECEIPT")

    def silent(self, seconds):
        self.socket.settimeout(seconds)
        try:
            return not self.received and not self.socket.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)
