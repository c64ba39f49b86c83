# SPDX-License-Identifier: Apache-2.0
"""An edge that behaves as xtomp 0.2 does on the wire, its limits and its traps included.

Where xtomp drops a client, so does this; where it dies or stops a destination for good, this ends and says why in
`died`. What xtomp bears but a bridge should not do is in `violations`. Written from what was seen on the wire.
"""

import base64
import hashlib
import re
import selectors
import socket
import threading
import time

KNOWN = {"host", "destination", "content-length", "login", "passcode", "receipt", "heart-beat", "message-id", "id"}
COMMANDS = {"CONNECT", "STOMP", "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "DISCONNECT"}
SILLY = {"BEGIN", "COMMIT", "ABORT", "MESSAGE", "RECEIPT", "CONNECTED", "ERROR"}
MOST_HEADERS, LONGEST_HEADER, LARGEST_HEAD, MOST_SUBSCRIPTIONS = 5, 200, 4096, 4


class Died(Exception):
    """What would have ended the process, or stopped a destination for good."""


class Refused(Exception):
    def __init__(self, text, closes):
        super().__init__(text)
        self.closes = closes


def same_start(a, b):
    """xtomp compares only as far as the shorter text goes."""
    length = min(len(a), len(b))
    return a[:length] == b[:length]


class Destination:
    def __init__(self, name, filter_header=None, queue=False, max_connections=1000, max_messages=100):
        self.name, self.filter_header, self.queue = name, filter_header, queue
        self.max_connections, self.max_messages = max_connections, max_messages
        self.subscriptions, self.waiting, self.last_id = [], [], -1


class Client:
    def __init__(self, connection):
        self.connection, self.received, self.connected = connection, b"", False
        self.subscriptions, self.stuck, self.poisoned = [], False, False
        self.leaked = []

    def send(self, command, headers, body=None):
        head = command + "\n" + "".join(f"{name}:{value}\n" for name, value in headers) + "\n"
        self.connection.sendall(head.encode() + (body or b"") + b"\0")


class XtompEdge:
    """`with XtompEdge([Destination(...)]) as edge:` listens on `edge.port` of 127.0.0.1."""

    def __init__(self, destinations, login=None, passcode=None, secret=None, buffer=200, max_message=1048576,
                 port=0):
        self.destinations = {one.name: one for one in destinations}
        self.login, self.passcode, self.secret = login, passcode, secret
        self.buffer, self.max_message = buffer, max_message
        self.died, self.violations, self.frames, self.sessions = None, [], [], 0
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.wake, self.woken = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.clients = {}
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.wake.send(b"x")
        self.thread.join()

    def drop_all(self):
        """As a crash of the worker: every connection ends, and queues are empty."""
        self.wake.send(b"d")

    # ---- the loop ----------------------------------------------------------------------------------------------

    def run(self):
        try:
            while self.turn():
                pass
        except Died as why:
            self.died = str(why)
        for connection in (self.listener, *self.clients, self.wake, self.woken):
            connection.close()

    def turn(self):
        for key, _ in self.selector.select():
            if key.fileobj is self.woken:
                if self.woken.recv(1) == b"x":
                    return False
                for client in list(self.clients.values()):
                    self.drop(client)
            elif key.fileobj is self.listener:
                connection, _ = self.listener.accept()
                self.selector.register(connection, selectors.EVENT_READ)
                self.clients[connection] = Client(connection)
            elif key.fileobj in self.clients:
                self.read(self.clients[key.fileobj])
        return True

    def read(self, client):
        try:
            octets = client.connection.recv(65536)
        except OSError:
            octets = b""
        if not octets:
            return self.drop(client)
        self.beat(client, octets)
        client.received += octets
        client.stuck = False
        try:
            while client.connection in self.clients and not client.stuck and self.take_frame(client):
                pass
        except Refused as why:
            self.error(client, str(why), why.closes)
        except OSError:
            self.drop(client)

    def beat(self, client, octets):
        if client.received.strip(b"\r\n") or octets.strip(b"\r\n"):
            return
        if client.received + octets != b"\n":
            client.poisoned = True
            self.violations.append(f"line ends that are no heart-beat: {client.received + octets!r}")
        client.received = b"" if not client.poisoned else client.received

    def drop(self, client):
        for destination, _, subscription in client.subscriptions:
            destination.subscriptions.remove(subscription)
        client.subscriptions = []
        self.selector.unregister(client.connection)
        del self.clients[client.connection]
        client.connection.close()

    def error(self, client, text, closes):
        client.send("ERROR", [("message", text)])
        if closes:
            self.drop(client)

    # ---- frames ------------------------------------------------------------------------------------------------

    def take_frame(self, client):
        text = client.received.lstrip(b"\r\n")
        end = re.search(rb"\n\r?\n", text)
        if text.startswith(b"DISCONNECT"):
            self.frames.append(("DISCONNECT", {}, b""))
            self.drop(client)
            return False
        if not end:
            if len(text) > LARGEST_HEAD:
                raise Refused("syntax", True)
            return False
        if end.end() > LARGEST_HEAD:
            raise Refused("syntax", True)
        lines = re.split(r"\r?\n", text[:end.start()].decode("utf-8", "surrogateescape"))
        known, users = self.headers(client, lines[1:])
        body, rest = self.body(lines[0], known, text[end.end():])
        if body is None:
            return False
        client.received = rest
        client.poisoned = False
        self.frames.append((lines[0], known | dict(users), body))
        self.act(client, lines[0], known, users, body)
        return True

    def headers(self, client, lines):
        known, users = {}, list(client.leaked)
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                continue
            if not name:
                raise Refused("syntax", True)
            if name in KNOWN:
                known.setdefault("id" if name == "message-id" else name, value)
            elif not name.startswith("session"):
                users.append((name, value))
                if len(line.encode("utf-8", "surrogateescape")) > LONGEST_HEADER:
                    raise Refused("hdr flup", True)
        if len(users) > MOST_HEADERS:
            raise Refused("hdr flup", True)
        return known, users

    def body(self, command, known, text):
        """The body and what is behind its NUL; None while it has not come whole."""
        if "content-length" not in known:
            end = text.find(b"\0")
            return (text[:end], text[end + 1:]) if end >= 0 else (None, text)
        length = known["content-length"]
        if not re.fullmatch(r"[1-9]\d*", length):
            raise Died(f"{command} with content-length '{length}': the next frame would be lost")
        size = int(length)
        if command == "SEND" and size > self.max_message:
            raise Refused("msg flup", True)
        if len(text) <= size:
            return None, text
        if text[size:size + 1] != b"\0":
            raise Refused("syntax", True)
        return text[:size], text[size + 1:]

    def act(self, client, command, known, users, body):
        if command not in COMMANDS | SILLY:
            raise Refused("syntax", True)
        if command in SILLY or (command in {"CONNECT", "STOMP"}) == client.connected:
            client.leaked = users
            raise Refused("syntax", False)
        client.leaked = []
        {"CONNECT": self.on_connect, "STOMP": self.on_connect, "SEND": self.on_send, "SUBSCRIBE": self.on_subscribe,
         "UNSUBSCRIBE": self.on_unsubscribe, "ACK": self.on_ack, "NACK": self.on_ack}[command](
             client, known, users, body)
        if "receipt" in known and command not in {"CONNECT", "STOMP"}:
            if len(known["receipt"]) > 178:
                raise Refused("general", False)
            client.send("RECEIPT", [("receipt-id", known["receipt"])])

    def on_connect(self, client, known, _, body):
        host = known.get("host", "plain")
        if "/" in host or "" in host.split("."):
            raise Died(f"CONNECT with host '{host}'")
        if body:
            raise Refused("syntax", True)
        self.check_login(known)
        sent = self.check_beats(known["heart-beat"]) if "heart-beat" in known else 180000
        client.connected = True
        client.send("CONNECTED", [("server", "xtomp/0.2"), ("version", "1.0"), ("session", self.sessions),
                                  ("heart-beat", f"{sent},120000")])
        self.sessions += 1
        client.stuck = True
        if client.received:
            self.violations.append("frames right behind CONNECT")

    def check_login(self, known):
        login, passcode = known.get("login", ""), known.get("passcode", "")
        if self.secret is not None:
            made = base64.b64encode(hashlib.sha1((login + self.secret).encode()).digest()).decode()
            age = time.time() - float((login.split(" ") + ["0"])[1] or 0)
            if passcode != made or age >= 60:
                raise Refused("sha auth err", True)
        elif self.login is not None and (login, passcode) != (self.login, self.passcode):
            raise Refused("auth err", True)

    def check_beats(self, text):
        ours, theirs = (int(number) for number in text.split(","))
        if ours == 0 or theirs == 0:
            self.violations.append(f"heart-beat {text}: a zero does not turn them off")
        if ours > 120000 or 0 < theirs < 60000:
            raise Refused("ecg err", True)
        return min(theirs, 180000)

    def on_subscribe(self, client, known, users, _):
        destination = self.destinations.get(known.get("destination"))
        if destination is None:
            raise Refused("destination unknown", False)
        if len(client.subscriptions) >= MOST_SUBSCRIPTIONS:
            raise Refused("subs flup", False)
        if len(destination.subscriptions) >= destination.max_connections:
            raise Refused("dest flup", False)
        key = re.fullmatch(r"[a-z-]*=(.+)", dict(users).get("filter", ""))
        if destination.filter_header and not key:
            raise Refused("dest flup", False)
        number = known.get("id", "1")
        if any(number == other for _, other, _ in client.subscriptions):
            self.violations.append(f"two subscriptions with the id {number}")
        subscription = (client, number if number.isdigit() else "0", key[1] if key else None)
        for message in destination.waiting:
            self.deliver(destination, subscription, *message)
        destination.waiting = []
        destination.subscriptions.append(subscription)
        client.subscriptions.append((destination, number, subscription))

    def on_unsubscribe(self, client, known, _, __):
        for entry in client.subscriptions:
            destination, number, subscription = entry
            if same_start(destination.name, known.get("destination", "")) and number == known.get("id", "0"):
                client.subscriptions.remove(entry)
                destination.subscriptions.remove(subscription)
                return
        raise Refused("destination unknown", False)

    def on_ack(self, _, known, __, ___):
        if not known.get("id", "").isdigit():
            raise Refused("id not opt", False)

    def on_send(self, _, known, users, body):
        destination = self.destinations.get(known.get("destination"))
        if destination is None:
            raise Refused("destination unknown", True)
        if len(body) > self.max_message:
            raise Refused("msg flup", True)
        if len(destination.waiting) >= destination.max_messages:
            raise Refused("q flup", True)
        destination.last_id += 1
        message = (destination.last_id, users, body)
        key = next((value for name, value in users if same_start(name, destination.filter_header)), None) \
            if destination.filter_header else None
        if destination.filter_header and key is None and destination.subscriptions:
            raise Died(f"a message without the header '{destination.filter_header}' stops {destination.name}")
        if destination.queue and not destination.subscriptions:
            destination.waiting.append(message)
        for subscription in list(destination.subscriptions):
            if key is None or same_start(subscription[2], key):
                self.deliver(destination, subscription, *message)

    def deliver(self, destination, subscription, number, users, body):
        client, subscription_id, _ = subscription
        headers = [("subscription", subscription_id), ("message-id", number), ("destination", destination.name),
                   ("content-length", len(body)), *users]
        head = "MESSAGE\n" + "".join(f"{name}:{value}\n" for name, value in headers) + "\n"
        if len(head.encode("utf-8", "surrogateescape")) > self.buffer:
            raise Died(f"a MESSAGE with a head of {len(head)} bytes stops {destination.name}")
        client.send("MESSAGE", headers, body)
