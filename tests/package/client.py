# SPDX-License-Identifier: Apache-2.0
"""A client in the machine that keeps its session. Each line on standard input is a destination; the answer to a SEND
there is printed, or the message of the ERROR."""

import queue
import sys

import stomp

PATIENCE = 20


class Answers(stomp.ConnectionListener):
    def __init__(self):
        self.come = queue.Queue()

    def on_message(self, frame):
        self.come.put(frame.body)

    def on_error(self, frame):
        self.come.put("ERROR " + frame.headers.get("message", ""))


client = stomp.Connection12([("127.0.0.1", int(sys.argv[1]))])
answers = Answers()
client.set_listener("answers", answers)
client.connect(wait=True)
print("connected", flush=True)
for line in sys.stdin:
    destination = line.strip()
    if destination.startswith("/queue/"):
        client.subscribe(destination, id=destination)
    client.send(destination, "Hello from the machine")
    print(answers.come.get(timeout=PATIENCE), flush=True)
client.disconnect()
