#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a bridge costs: how fast it forwards to a second romp, and what the way over an edge adds. Each broker has one
worker. Exit status 2: messages were lost, doubled or disordered."""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "peers"))
from bridged_broker import BridgedBroker, Client, eventually  # noqa: E402

SERVER = "workers = 1\nmax_memory = 8gib\n"
COMMON = """[listener admin]
port = 0
admin = yes
[destination /queue/line]
type = queue
max_messages = 100000000
"""
BRIDGE = """[plugin bridge]
file = downstream.so
retry_min = 20ms
retry_max = 50ms
address = 127.0.0.1:{port}
"""
PUBLISHED = re.compile(rb'romp_destination_published_total\{destination="/queue/line"[^}]*\} (\d+)')


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Broker(BridgedBroker):
    """One that can be watched."""

    def __init__(self, build, plugins=(), sections=""):
        super().__init__(build / "bin/romp", build, plugins, COMMON + sections, SERVER)

    def __enter__(self):
        super().__enter__()
        eventually(lambda: "(admin)" in self.text(), "the listener for administrators is open")
        self.admin = re.search(r"listens on 127\.0\.0\.1:(\d+) \(admin\)", self.text())[1]
        return self

    def published(self):
        """Messages that /queue/line has taken."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=20) as page:
            found = PUBLISHED.search(page.read())
        return int(found[1]) if found else 0

    def cpu(self):
        """Seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def fill(self, count, size):
        with Client(self.port, [("accept-version", "1.2"), ("host", "bench")]) as client:
            for first in range(0, count, 5000):
                part = range(first, min(first + 5000, count))
                head = b"SEND\ndestination:/queue/line\n\n"
                client.socket.sendall(b"".join(head + b"%0*d\0" % (size, number) for number in part))
            client.complete("SEND", ("destination", "/queue/end"))


class Reader(threading.Thread):
    """Takes all messages of the line. `faults`: those that were not the next one."""

    def __init__(self, port, count, checks):
        super().__init__(daemon=True)
        self.client = Client(port, [("accept-version", "1.2"), ("host", "bench")])
        self.client.send("SUBSCRIBE", ("destination", "/queue/line"), ("id", "1"))
        self.count, self.checks, self.taken, self.faults = count, checks, 0, 0
        self.start()

    def run(self):
        rest = b""
        while self.taken < self.count:
            octets = self.client.socket.recv(1 << 20)
            if not octets:
                break
            if not self.checks:
                self.taken += octets.count(b"\0")
                continue
            *frames, rest = (rest + octets).split(b"\0")
            for frame in frames:
                self.faults += int(frame.rpartition(b"\n")[2]) != self.taken
                self.taken += 1
        self.client.socket.close()


def local_rate(options):
    """One producer, one consumer that acknowledges each message. Messages a second."""
    with Broker(options.build) as broker:
        run = subprocess.run([options.build / "bin/romp-bench", "ack", "--port", str(broker.port), "--size",
                              str(options.size), "--duration", str(options.seconds), "--json"],
                             check=True, capture_output=True, text=True)
    return json.loads(run.stdout)["runs"][0]["per_second"]


def forward_rate(options, listens):
    """The queue here is filled before the other side is there, and then drained into it. Messages a second, and the
    microseconds of both brokers for one."""
    port = free_port()
    sections = BRIDGE.format(port=port) + f"out = /queue/line -> /queue/line\n{options.keys}"
    with Broker(options.build, ["plugins/downstream.so"], sections) as here:
        here.fill(options.messages, options.size)
        with Broker(options.build, sections=f"[listener late]\nport = {port}\n") as there:
            reader = Reader(there.port, options.messages, checks=False) if listens else None
            result = watch(here, there, options.messages)
            reader = reader or Reader(there.port, options.messages, checks=True)
            reader.join(60)
            if reader.taken != options.messages or reader.faults:
                print(f"FAULT: {reader.taken} of {options.messages} have come, {reader.faults} out of order")
                sys.exit(2)
    return result


def watch(here, there, count):
    """From when a tenth has come until nine tenths have."""
    def sample():
        return there.published(), time.monotonic(), here.cpu(), there.cpu()

    begin = sample()
    while begin[0] < count // 10:
        time.sleep(0.005)
        begin = sample()
    end = begin
    while end[0] < count * 9 // 10:
        time.sleep(0.02)
        end = sample()
    messages, seconds, ours, theirs = (b - a for a, b in zip(begin, end))
    return messages / seconds, ours / messages * 1e6, theirs / messages * 1e6


def round_trips(port, count, name):
    """Seconds from a request to its answer, sorted."""
    with Client(port, [("accept-version", "1.2"), ("host", "bench")]) as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if name:
            client.complete("SUBSCRIBE", ("destination", "memtop"), ("id", "1"), ("selector", f"to = '{name}'"))
        headers = [("destination", "memtop/up"), *([("reply-to", name)] if name else [])]
        times = []
        for _ in range(count):
            begin = time.perf_counter()
            client.send("SEND", *headers, body=b"x")
            client.expect("MESSAGE")
            times.append(time.perf_counter() - begin)
    return sorted(times[count // 10:])


def edge_times(options):
    """Of a client of romp, and of one whose requests come over an edge."""
    with Broker(options.build, sections="[destination memtop/up]\n[destination memtop]\n") as edge:
        sections = BRIDGE.format(port=edge.port) + "destinations = memtop/up\nreply = memtop\n"
        plugins = ["plugins/downstream.so", "test-plugins/answers.so"]
        with Broker(options.build, plugins, sections) as upstream:
            upstream.says("takes what is sent to memtop/up")
            return round_trips(upstream.port, options.requests, ""), round_trips(edge.port, options.requests, "A7")


def report_forward(options):
    local = local_rate(options)
    print(f"local queue with acks    {local:9.0f}/s   {options.size} octets")
    for listens in (False, True):
        rate, ours, theirs = forward_rate(options, listens)
        print(f"{'over the bridge, read' if listens else 'over the bridge':24} {rate:9.0f}/s   "
              f"{rate / local:.2f} of local; CPU us: here {ours:.2f}, there {theirs:.2f}")


def report_edge(options):
    direct, over = edge_times(options)
    for name, times in (("request to romp", direct), ("request over the edge", over)):
        print(f"{name:24} p50 {statistics.median(times) * 1e6:5.0f} us, p99 {times[len(times) * 99 // 100] * 1e6:5.0f} us")
    print(f"{'added at the median':24}     {(statistics.median(over) - statistics.median(direct)) * 1e6:5.0f} us")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=lambda text: Path(text).resolve(), help="a folder that has bin/romp")
    parser.add_argument("--messages", type=int, default=1_000_000, help="that are forwarded (%(default)s)")
    parser.add_argument("--size", type=int, default=16, help="octets of each (%(default)s)")
    parser.add_argument("--seconds", type=int, default=3, help="of the local run (%(default)s)")
    parser.add_argument("--requests", type=int, default=3000, help="over the edge (%(default)s)")
    parser.add_argument("--keys", default="", type=lambda text: text.replace(";", "\n"),
                        help="more keys of the bridge, as window=1000;heart_beat=0s")
    parser.add_argument("--only", choices=("forward", "edge"))
    options = parser.parse_args()
    if options.only != "edge":
        report_forward(options)
    if options.only != "forward":
        report_edge(options)


if __name__ == "__main__":
    main()
