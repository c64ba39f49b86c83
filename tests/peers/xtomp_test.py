# SPDX-License-Identifier: Apache-2.0
"""The bridge against an edge that behaves as xtomp. Usage: xtomp_test.py BROKER BUILD_FOLDER"""

import sys
import unittest
from pathlib import Path

from bridged_broker import BridgedBroker, Client, eventually
from xtomp_edge import Destination, XtompEdge

BROKER, BUILD = (Path(arg).resolve() for arg in sys.argv[1:3])


def destinations(up_connections=1):
    return [Destination("memtop/up", queue=True, max_connections=up_connections),
            Destination("memtop", filter_header="to")]


class Xtomp(unittest.TestCase):
    def edge(self, wanted=None, **how):
        edge = self.enterContext(XtompEdge(wanted or destinations(), **how))
        self.addCleanup(lambda: self.assertEqual((edge.died, edge.violations), (None, [])))
        return edge

    def upstream(self, edge, **keys):
        section = {"file": "downstream.so", "address": f"127.0.0.1:{edge.port}", "peer": "xtomp",
                   "destinations": "memtop/up", "retry_min": "20ms", "retry_max": "200ms", **keys}
        text = "[plugin edge-1]\n" + "".join(f"{key} = {value}\n" for key, value in section.items())
        return self.enterContext(BridgedBroker(
            BROKER, BUILD, ["plugins/downstream.so", "test-plugins/answers.so"], text))

    def client(self, edge, key):
        client = self.enterContext(Client(edge.port))
        client.complete("SUBSCRIBE", ("destination", "memtop"), ("id", 1), ("filter", f"to={key}"))
        return client

    def ask(self, client, key, body, correlation="1"):
        client.complete("SEND", ("destination", "memtop/up"), ("reply-to", key), ("correlation-id", correlation),
                        body=body)

    def test_answers_reach_the_client_that_asked(self):
        edge = self.edge()
        self.upstream(edge).says("takes what is sent to memtop/up")
        clients = {key: self.client(edge, key) for key in ("A7", "B9", "C1")}
        for key, client in clients.items():
            self.ask(client, key, b"hello " + key.encode())
        for key, client in clients.items():
            headers, body = client.expect("MESSAGE")
            self.assertEqual(body, f"you said hello {key}, number 1".encode())
            self.assertEqual((headers["to"], headers["correlation-id"]), (key, "1"))
            self.assertTrue(client.silent(0.05))
        connect = edge.frames[0][1]
        self.assertEqual(connect["accept-version"], "1.0")
        self.assertNotIn("host", connect)

    def test_what_was_sent_before_the_bridge_came_is_answered(self):
        edge = self.edge()
        client = self.client(edge, "A7")
        self.ask(client, "A7", b"early")
        self.upstream(edge)
        self.assertEqual(client.expect("MESSAGE")[1], b"you said early, number 1")

    def test_an_answer_over_the_limits_is_never_sent(self):
        edge = self.edge(buffer=400)
        broker = self.upstream(edge)
        client = self.client(edge, "A7")
        self.ask(client, "A7", b"long", "c" * 150)
        broker.says("an answer is not sent: its head would have")
        self.ask(client, "A7", b"short")
        self.assertEqual(client.expect("MESSAGE")[1], b"you said short, number 2")

    def test_an_answer_that_names_no_client_is_never_sent(self):
        edge = self.edge()
        broker = self.upstream(edge)
        client = self.client(edge, "A7")
        client.complete("SEND", ("destination", "memtop/up"), body=b"whose is it?")
        broker.says("an answer is not sent: the request has named no client")
        self.ask(client, "A7", b"mine")
        self.assertEqual(client.expect("MESSAGE")[1], b"you said mine, number 1")

    def test_without_a_filter_answers_go_to_everybody(self):
        edge = self.edge([*destinations()[:1], Destination("memtop")])
        self.upstream(edge, route_header="").says("takes what is sent to memtop/up")
        client = self.client(edge, "A7")
        client.complete("SEND", ("destination", "memtop/up"), ("correlation-id", "7"), body=b"all")
        headers, body = client.expect("MESSAGE")
        self.assertEqual(body, b"you said all, number 1")
        self.assertNotIn("to", headers)

    def test_a_larger_buffer_of_the_edge_is_used(self):
        edge = self.edge(buffer=400)
        self.upstream(edge, peer_buffer=400)
        client = self.client(edge, "A7")
        self.ask(client, "A7", b"long", "c" * 150)
        self.assertEqual(client.expect("MESSAGE")[0]["correlation-id"], "c" * 150)

    def test_a_full_destination_is_subscribed_to_on_the_same_connection_later(self):
        edge = self.edge()
        with Client(edge.port) as other:
            other.complete("SUBSCRIBE", ("destination", "memtop/up"), ("id", 1))
            broker = self.upstream(edge)
            broker.says("the other side says ERROR: dest flup")
        broker.says("takes what is sent to memtop/up")
        self.assertEqual(sum(frame[0] == "CONNECT" for frame in edge.frames), 2)

    def test_a_wrong_passcode_is_said_and_backed_off(self):
        edge = self.edge(login="xtomp", passcode="password")
        broker = self.upstream(edge, login="xtomp", passcode="wrong", retry_max="10s")
        broker.says("refuses the connection: auth err")
        self.assertEqual(sum(frame[0] == "CONNECT" for frame in edge.frames), 1)

    def test_a_passcode_lets_it_in(self):
        edge = self.edge(login="xtomp", passcode="password")
        self.upstream(edge, login="xtomp", passcode="password").says("takes what is sent to memtop/up")

    def test_tokens_are_made_anew_for_each_connection(self):
        edge = self.edge(secret="XIxoIl6ngolYKQOrXpunRLCMWxR6O0lDI")
        broker = self.upstream(edge, login="bob", passcode="XIxoIl6ngolYKQOrXpunRLCMWxR6O0lDI", token="sha1")
        broker.says("takes what is sent to memtop/up")
        edge.drop_all()
        eventually(lambda: broker.text().count("takes what is sent to memtop/up") == 2, "it is subscribed again")
        logins = [frame[1]["login"] for frame in edge.frames if frame[0] == "CONNECT"]
        self.assertNotEqual(*logins)

    def test_it_comes_back_after_a_crash_of_the_edge(self):
        edge = self.edge()
        broker = self.upstream(edge)
        broker.says("takes what is sent to memtop/up")
        edge.drop_all()
        eventually(lambda: broker.text().count("takes what is sent to memtop/up") == 2, "it is subscribed again")
        client = self.client(edge, "A7")
        self.ask(client, "A7", b"again")
        self.assertEqual(client.expect("MESSAGE")[1], b"you said again, number 1")

    def test_a_connection_is_renewed_when_it_is_old(self):
        edge = self.edge(destinations(up_connections=2))
        broker = self.upstream(edge, max_age="300ms")
        broker.says("it has reached its age")
        eventually(lambda: broker.text().count("takes what is sent to memtop/up") >= 2, "it is subscribed again")

    def test_a_missing_destination_is_said_and_tried_again_slowly(self):
        edge = self.edge([Destination("memtop", filter_header="to")])
        self.upstream(edge).says("the other side says ERROR: destination unknown")
        self.assertEqual(sum(frame[0] == "SUBSCRIBE" for frame in edge.frames), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
