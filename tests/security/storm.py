#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A storm on 127.0.0.1, while a pair of clients exchanges messages. Usage: storm.py BROKER [PART...]

Parts: idle (50,000 sessions that say nothing more), tls (5,000 of them by TLS), hanging (10,000 handshakes
of TLS that are never ended), heads (10,000 requests of HTTP that are not), http (slowhttptest, where it is installed).
Without a part: all. Each prints the pair's latency before and during it, what the broker took, and whether
every message came. Where the limit of open files is lower, there are as many as it allows, and that is said.
Ends with status 1 when a message is lost.
"""

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

IDLE, IDLE_TLS, HANGING = 50_000, 5_000, 10_000
CONNECT = b"CONNECT\naccept-version:1.2\nhost:h\n\n\0"
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
HALF_A_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"


class Broker:
    """The daemon, with a port in clear, one of TLS and one of the administrator."""

    def __init__(self, binary, folder):
        self.folder = Path(folder)
        self.make_certificate()
        config = self.folder / "romp.ini"
        config.write_text("[server]\nports = 0\n[stomp]\nconnect_timeout = 60s\n"
                          f"[listener safe]\nport = 0\ntls = yes\ncertificate = {self.folder}/both.pem\n"
                          "[listener admin]\nport = 0\nadmin = yes\n", encoding="utf-8")
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([binary, "-c", config], stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while len(self.ports()) < 3:
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit(f"the broker does not start:\n{self.log.read_text()}")
            time.sleep(0.02)
        self.plain, self.safe, self.admin = self.ports()

    def make_certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem", "-days", "2",
                        "-subj", "/CN=localhost"], check=True, capture_output=True)
        both = (self.folder / "cert.pem").read_text() + (self.folder / "key.pem").read_text()
        (self.folder / "both.pem").write_text(both)

    def ports(self):
        return [int(port) for port in re.findall(r"listens on 127\.0\.0\.1:(\d+)", self.log.read_text())]

    def resident(self):
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def metric(self, name):
        answer = http_get(self.admin, "/metrics")
        return int(re.search(rf"^{re.escape(name)} (\d+)$", answer, re.MULTILINE)[1])

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def http_get(port, path):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while more := client.recv(65536):
            answer += more
    return answer.decode()


def read_frame(client, kept=b""):
    while b"\0" not in kept:
        more = client.recv(4096)
        if not more:
            raise EOFError(kept)
        kept += more
    frame, _, rest = kept.partition(b"\0")
    return frame, rest


class Pair(threading.Thread):
    """Sends a message, waits for it, and so on; keeps how long each took."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.client = socket.create_connection(("127.0.0.1", port))
        self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.client.sendall(CONNECT + b"SUBSCRIBE\nid:1\ndestination:/topic/pair\n\n\0")
        read_frame(self.client)
        self.times, self.lost, self.going = [], 0, True
        self.client.settimeout(10)
        self.start()

    def run(self):
        number, rest = 0, b""
        while self.going:
            number += 1
            begin = time.perf_counter()
            self.client.sendall(b"SEND\ndestination:/topic/pair\n\n%d\0" % number)
            try:
                frame, rest = read_frame(self.client, rest)
            except (OSError, EOFError):
                self.lost += 1
                return
            self.lost += not frame.endswith(b"\n\n%d" % number)
            self.times.append(time.perf_counter() - begin)
            time.sleep(0.005)

    def report(self):
        """Median and 99th percentile since the last call, in milliseconds."""
        times, self.times = sorted(self.times), []
        if not times:
            return "nothing was exchanged"
        return (f"latency {statistics.median(times) * 1e3:.2f} ms, 99% below {times[len(times) * 99 // 100] * 1e3:.2f} ms,"
                f" most {times[-1] * 1e3:.1f} ms")


def many(count, port, talk):
    """So many connections, from as many addresses of 127/8 as their ports need."""
    clients = []
    for number in range(count):
        client = socket.socket()
        client.bind((f"127.1.{number // 20_000}.1", 0))
        client.connect(("127.0.0.1", port))
        clients.append(talk(client) or client)
    return clients


def greet(client):
    client.sendall(CONNECT)
    read_frame(client)


def greet_safely(client):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    safe = context.wrap_socket(client)
    greet(safe)
    return safe


def hold(broker, pair, what, count, port, talk):
    count = as_many_as_allowed(count)
    before, spent, begin = broker.resident(), broker.seconds(), time.monotonic()
    pair.report()
    clients = many(count, port, talk)
    took = time.monotonic() - begin
    print(f"{what}: {count} in {took:.1f} s, broker {broker.seconds() - spent:.1f} s of processor time; "
          f"{(broker.resident() - before) / count:.0f} octets each; while they come: {pair.report()}")
    time.sleep(5)
    print(f"{what}: while they stay: {pair.report()}")
    for client in clients:
        client.close()


def slow_http(broker, pair):
    if not shutil.which("slowhttptest"):
        print("http: slowhttptest is not installed")
        return
    for name, option in (("heads", "-H"), ("bodies", "-B"), ("reading", "-X")):
        pair.report()
        subprocess.run(["slowhttptest", option, "-c", "1000", "-r", "500", "-i", "5", "-l", "20", "-u",
                        f"http://127.0.0.1:{broker.plain}/healthz"], check=False, capture_output=True, timeout=120)
        healthy = " 200 " in http_get(broker.plain, "/healthz").splitlines()[0]
        print(f"http, slow {name}: {pair.report()}; the server {'answers' if healthy else 'DOES NOT ANSWER'}; "
              f"{broker.metric('romp_http_refused_total')} requests refused so far")


def raise_limit():
    for hard in (200_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]):
        with contextlib.suppress(ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            return


def as_many_as_allowed(count):
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 300
    if count > allowed:
        print(f"{count} are wanted; the limit of open files allows {allowed}")
    return min(count, allowed)


def main(binary, parts):
    raise_limit()
    with tempfile.TemporaryDirectory(prefix="romp-storm-") as folder, contextlib.ExitStack() as stack:
        broker = Broker(binary, folder)
        stack.callback(broker.process.kill)
        pair = Pair(broker.plain)
        time.sleep(2)
        print(f"alone: {pair.report()}")
        if "idle" in parts:
            hold(broker, pair, "idle sessions", IDLE, broker.plain, greet)
        if "tls" in parts:
            hold(broker, pair, "idle sessions of TLS", IDLE_TLS, broker.safe, greet_safely)
        if "hanging" in parts:
            hold(broker, pair, "hanging handshakes", HANGING, broker.safe, lambda c: c.sendall(HALF_A_HELLO))
        if "heads" in parts:
            hold(broker, pair, "requests that are not ended", HANGING, broker.plain, lambda c: c.sendall(HALF_A_HEAD))
        if "http" in parts:
            slow_http(broker, pair)
        pair.going = False
        pair.join()
        status = broker.end()
        print(f"the pair lost {pair.lost} messages; the broker ended with {status}")
        return 1 if pair.lost or status else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:] or ["idle", "tls", "hanging", "heads", "http"]))
