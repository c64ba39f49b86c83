# SPDX-License-Identifier: Apache-2.0
"""Messages both ways between romp and another broker that crashes meanwhile: what both tests of that kind share."""

import os
import threading
import unittest

from bridged_broker import BridgedBroker, Client, eventually

# ROMP_BRIDGE_MESSAGES=100000 is the long run.
MESSAGES = int(os.environ.get("ROMP_BRIDGE_MESSAGES", "3000"))
DURABLE = (("persistent", "true"),)


def feed(client, destination, count):
    """Sends numbers; every 500 it waits until they are taken."""
    for number in range(count):
        last = number % 500 == 499 or number == count - 1
        headers = [("destination", destination), *DURABLE]
        client.send("SEND", *headers, *([("receipt", "r")] if last else []), body=str(number).encode())
        if last:
            client.expect("RECEIPT")


def take(client, destination, count, headers=()):
    """Reads until every number has come. Returns how many were there twice; the first of each are in order."""
    client.socket.settimeout(300)  # a crash and what follows
    client.send("SUBSCRIBE", ("destination", destination), ("id", "1"), ("ack", "client"), ("prefetch-count", "1000"),
                *headers)
    expected, again, unmarked, unsettled = 0, 0, 0, 0
    while expected < count:
        got, body = client.expect("MESSAGE")
        number = int(body)
        if number == expected:
            expected += 1
        elif number < expected:
            again += 1
            unmarked += got.get("x-romp-resent") != "true" and got.get("redelivered") != "true"
        else:
            raise AssertionError(f"{expected} is missing, {number} has come")
        unsettled += 1
        if unsettled == 100 or expected == count:
            client.send("ACK", ("id", got["ack"]))
            unsettled = 0
    if unmarked:
        raise AssertionError(f"{unmarked} messages came twice without a mark")
    return again


class Forward(unittest.TestCase):
    """Whoever inherits gives `binary`, `build` and `other`, a class of OtherBroker."""

    def bridge(self, peer):
        return self.enterContext(BridgedBroker(self.binary, self.build, ["plugins/downstream.so"], f"""
[destination /queue/out]
type = queue
max_messages = 1000000
max_deliveries = 1000000
[listener admin]
port = 0
admin = yes
[plugin bridge]
file = downstream.so
address = 127.0.0.1:{peer.port}
login = {peer.login}
passcode = {peer.passcode}
host = /
out = /queue/out -> /queue/there
in = /queue/back -> /queue/in
retry_min = 50ms
retry_max = 1s
"""))

    def connect(self, port, peer=None):
        login = [("login", peer.login), ("passcode", peer.passcode)] if peer else []
        headers = [("accept-version", "1.2"), ("host", "/"), *login]
        made = []
        eventually(lambda: self.try_to_connect(port, headers, made), "the broker takes clients", 60)
        return self.enterContext(made[0])

    @staticmethod
    def try_to_connect(port, headers, made):
        """A broker that has just begun to listen may not be ready."""
        try:
            made.append(Client(port, headers))
        except OSError:
            return False
        return True

    def test_nothing_is_lost_on_the_way_there_over_crashes(self):
        with self.other() as peer:
            broker = self.bridge(peer)
            crashing = threading.Thread(target=self.crash, args=(broker, peer, "bridge_sent_total"))
            crashing.start()
            feed(self.connect(broker.port), "/queue/out", MESSAGES)
            crashing.join()
            again = take(self.connect(peer.port, peer), "/queue/there", MESSAGES)
            print(f"{MESSAGES} messages there over {len(peer.ends)} crashes, {again} of them twice")

    def crash(self, broker, peer, metric):
        """Each time when another part has gone over."""
        for time, end in enumerate(peer.ends, 1):
            part = MESSAGES * time // (len(peer.ends) + 1)
            eventually(lambda part=part: broker.metric(metric) >= part, f"{part} messages have gone over", 300)
            getattr(peer, end)()
            peer.start()

    def test_nothing_is_lost_on_the_way_back_over_crashes(self):
        with self.other() as peer:
            feed(self.connect(peer.port, peer), "/queue/back", MESSAGES)
            broker = self.bridge(peer)
            crashing = threading.Thread(target=self.crash, args=(broker, peer, "bridge_received_total"))
            crashing.start()
            again = take(self.connect(broker.port), "/queue/in", MESSAGES)
            crashing.join()
            print(f"{MESSAGES} messages back over {len(peer.ends)} crashes, {again} of them twice")
