# SPDX-License-Identifier: Apache-2.0
"""stomp.py (Debian: python3-stomp) against a broker. Usage: stomp_py_test.py BROKER [WORK_FOLDER]"""

import queue
import sys
import unittest

from running_broker import RunningBroker, skip

try:
    import stomp
except ImportError:
    skip("python3-stomp is not installed")

VERSIONS = {"1.0": stomp.Connection10, "1.1": stomp.Connection11, "1.2": stomp.Connection12}
broker = None


class Inbox(stomp.ConnectionListener):
    """Collects what comes in."""

    def __init__(self):
        self.messages = queue.Queue()
        self.receipts = queue.Queue()
        self.errors = queue.Queue()

    def on_message(self, frame):
        self.messages.put(frame)

    def on_receipt(self, frame):
        self.receipts.put(frame.headers["receipt-id"])

    def on_error(self, frame):
        self.errors.put(frame)


class StompPy(unittest.TestCase):
    def client(self, version="1.2", **options):
        connection = VERSIONS[version]([("127.0.0.1", broker.port)], **options)
        inbox = Inbox()
        connection.set_listener("", inbox)
        connection.connect(wait=True)
        self.addCleanup(self.leave, connection)
        return connection, inbox

    @staticmethod
    def leave(connection):
        if connection.is_connected():
            connection.disconnect()

    def subscribe(self, connection, inbox, destination, **options):
        """Subscribes, and returns when the broker has done it."""
        receipt = f"subscribed to {destination}"
        connection.subscribe(destination, headers={"receipt": receipt}, **options)
        self.assertEqual(inbox.receipts.get(timeout=5), receipt)

    def next(self, inbox):
        return inbox.messages.get(timeout=5)

    def test_a_queue_keeps_messages_until_somebody_subscribes(self):
        for version in VERSIONS:
            with self.subTest(version):
                destination = f"/queue/kept-{version}"
                sender, _ = self.client(version)
                for n in range(10):
                    sender.send(destination, f"message {n}", content_type="text/plain")
                receiver, inbox = self.client(version)
                receiver.subscribe(destination, id="1")
                self.assertEqual([self.next(inbox).body for _ in range(10)],
                                 [f"message {n}" for n in range(10)])

    def test_a_topic_gives_every_subscriber_every_message(self):
        inboxes = []
        for version in VERSIONS:
            receiver, inbox = self.client(version)
            self.subscribe(receiver, inbox, "/topic/news", id="1")
            inboxes.append(inbox)
        sender, _ = self.client()
        sender.send("/topic/news", "Grüße", headers={"kind": "a:b\nc"})
        for version, inbox in zip(VERSIONS, inboxes):
            with self.subTest(version):
                frame = self.next(inbox)
                self.assertEqual(frame.body, "Grüße")
                self.assertEqual(frame.headers["destination"], "/topic/news")
                if version != "1.0":  # which cannot spell such a header
                    self.assertEqual(frame.headers["kind"], "a:b\nc")

    def test_what_was_not_acknowledged_comes_again(self):
        for version in ("1.1", "1.2"):
            with self.subTest(version):
                destination = f"/queue/work-{version}"
                sender, _ = self.client(version)
                for body in ("one", "two", "three"):
                    sender.send(destination, body)
                first, inbox = self.client(version)
                first.subscribe(destination, id="s", ack="client-individual")
                frames = [self.next(inbox) for _ in range(3)]
                self.acknowledge(first, version, frames[1])
                first.disconnect()
                second, inbox = self.client(version)
                second.subscribe(destination, id="s", ack="client-individual")
                again = [self.next(inbox) for _ in range(2)]
                self.assertEqual([frame.body for frame in again], ["one", "three"])
                self.assertEqual({frame.headers["redelivered"] for frame in again}, {"true"})
                for frame in again:
                    self.acknowledge(second, version, frame)

    @staticmethod
    def acknowledge(connection, version, frame):
        if version == "1.2":
            connection.ack(frame.headers["ack"])
        else:
            connection.ack(frame.headers["message-id"], frame.headers["subscription"])

    def test_a_request_is_answered_through_a_temporary_queue(self):
        worker, work = self.client()
        self.subscribe(worker, work, "/queue/questions", id="w")
        asker, answers = self.client()
        self.subscribe(asker, answers, "/temp-queue/answers", id="a")
        asker.send("/queue/questions", "6 * 7", headers={"reply-to": "/temp-queue/answers",
                                                         "correlation-id": "q1"})
        question = self.next(work)
        self.assertEqual(question.body, "6 * 7")
        worker.send(question.headers["reply-to"], "42",
                    headers={"correlation-id": question.headers["correlation-id"]})
        answer = self.next(answers)
        self.assertEqual((answer.body, answer.headers["correlation-id"]), ("42", "q1"))

    def test_a_transaction_counts_once_it_is_committed(self):
        receiver, inbox = self.client()
        self.subscribe(receiver, inbox, "/queue/ledger", id="1")
        sender, _ = self.client()
        for end in (sender.abort, sender.commit):
            transaction = sender.begin()
            sender.send("/queue/ledger", end.__name__, transaction=transaction)
            end(transaction)
        self.assertEqual(self.next(inbox).body, "commit")
        self.assertTrue(inbox.messages.empty())

    def test_heart_beats_keep_an_idle_connection(self):
        connection, inbox = self.client(heartbeats=(500, 500))
        self.subscribe(connection, inbox, "/queue/idle", id="1")
        with self.assertRaises(queue.Empty):
            inbox.errors.get(timeout=2.5)
        connection.send("/queue/idle", "still here")
        self.assertEqual(self.next(inbox).body, "still here")

    def test_a_mistake_is_answered_with_an_error(self):
        connection, inbox = self.client()
        connection.send_frame("ACK", {"id": "never-given"})
        self.assertEqual(inbox.errors.get(timeout=5).headers["message"], "id unknown")


if __name__ == "__main__":
    with RunningBroker(sys.argv[1]) as broker:
        program = unittest.main(argv=sys.argv[:1], exit=False)
    sys.exit(not program.result.wasSuccessful())
