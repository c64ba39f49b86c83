// SPDX-License-Identifier: Apache-2.0
// A small client for STOMP 1.2 over WebSocket: connects, and connects again by itself with all its
// subscriptions. For an application take a library; this is to be read in ten minutes.

const beat = 10000; // ms, offered to the server and asked of it
const firstRetry = 250;
const longestRetry = 10000;

const escapes = { "\\": "\\\\", "\r": "\\r", "\n": "\\n", ":": "\\c" };
const meant = { "\\\\": "\\", "\\r": "\r", "\\n": "\n", "\\c": ":" };
const escaped = (text) => String(text).replace(/[\\\r\n:]/g, (c) => escapes[c]);
const unescaped = (text) => text.replace(/\\./g, (pair) => meant[pair] ?? pair);

/** The octets of a frame. CONNECT is not escaped: STOMP 1.2, "Value Encoding". */
export function encode(command, headers, body = "") {
  const spelled = command === "CONNECT" ? String : escaped;
  const octets = new TextEncoder().encode(body);
  const lines = Object.entries(headers).map(([name, value]) => `${spelled(name)}:${spelled(value)}\n`);
  if (octets.length > 0) lines.push(`content-length:${octets.length}\n`);
  const head = new TextEncoder().encode(`${command}\n${lines.join("")}\n`);
  const frame = new Uint8Array(head.length + octets.length + 1);
  frame.set(head);
  frame.set(octets, head.length);
  return frame;
}

/** Takes frames out of octets that come in pieces of any size. */
export class Reader {
  #rest = new Uint8Array(0);

  /** The frames that are whole by now, as {command, headers, body}. */
  read(octets) {
    const all = new Uint8Array(this.#rest.length + octets.length);
    all.set(this.#rest);
    all.set(octets, this.#rest.length);
    const frames = [];
    let at = 0;
    for (;;) {
      while (all[at] === 10 || all[at] === 13) at += 1;
      const end = Reader.#frame(all, at, frames);
      if (end < 0) break;
      at = end;
    }
    this.#rest = all.slice(at);
    return frames;
  }

  /** Where the frame at `at` ends; -1: it is not whole. */
  static #frame(all, at, frames) {
    let head = at;
    while (head < all.length && !(all[head] === 10 && all[head + 1] === 10)) head += 1;
    if (head >= all.length) return -1;
    const [command, ...lines] = new TextDecoder().decode(all.subarray(at, head)).split("\n");
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(":");
      const name = unescaped(line.slice(0, colon));
      if (!(name in headers)) headers[name] = unescaped(line.slice(colon + 1));
    }
    const begin = head + 2;
    const length = headers["content-length"];
    const end = length === undefined ? all.indexOf(0, begin) : begin + Number(length);
    if (end < 0 || end >= all.length) return -1;
    frames.push({ command, headers, body: new TextDecoder().decode(all.subarray(begin, end)) });
    return end + 1;
  }
}

/** `state` is told "waiting", "open", "closed" or "failed", and a sentence. */
export class Client {
  #url;
  #state;
  #credentials = {};
  #socket = null;
  #reader = null;
  #subscriptions = new Map();
  #lastId = 0;
  #retry = firstRetry;
  #timers = [];
  #heard = 0;
  #wanted = false;
  #open = false;

  constructor(url, state) {
    this.#url = url;
    this.#state = state;
  }

  open(login, passcode) {
    this.#credentials = login ? { login, passcode } : {};
    this.#wanted = true;
    this.#retry = firstRetry;
    this.#connect();
  }

  close() {
    this.#wanted = false;
    if (this.#open) this.#write("DISCONNECT", {});
    this.#socket?.close();
    this.#stop();
    this.#state("closed", "not connected");
  }

  /** Calls `take` for each message until the function that it returns is called. */
  subscribe(destination, take) {
    const id = String((this.#lastId += 1));
    this.#subscriptions.set(id, { destination, take });
    if (this.#open) this.#write("SUBSCRIBE", { id, destination });
    return () => {
      this.#subscriptions.delete(id);
      if (this.#open) this.#write("UNSUBSCRIBE", { id });
    };
  }

  /** False where there is no connection. */
  send(destination, body) {
    if (!this.#open) return false;
    this.#write("SEND", { destination, "content-type": "text/plain" }, body);
    return true;
  }

  #connect() {
    this.#stop();
    this.#state("waiting", "connecting");
    const socket = new WebSocket(this.#url, ["v12.stomp"]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#reader = new Reader();
    socket.onopen = () => this.#write("CONNECT", {
      "accept-version": "1.2", host: location.hostname, "heart-beat": `${beat},${beat}`, ...this.#credentials,
    });
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
  }

  #receive(data) {
    this.#heard = Date.now();
    const octets = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
    for (const frame of this.#reader.read(octets)) this.#take(frame);
  }

  #take({ command, headers, body }) {
    if (command === "CONNECTED") {
      this.#connected(headers);
    } else if (command === "MESSAGE") {
      this.#subscriptions.get(headers.subscription)?.take({ headers, body });
    } else if (command === "ERROR") {
      this.#wanted = false;
      this.#state("failed", body.trim() || headers.message);
    }
  }

  #connected(headers) {
    this.#open = true;
    this.#retry = firstRetry;
    const [theirs, ours] = (headers["heart-beat"] ?? "0,0").split(",").map(Number);
    if (ours > 0) this.#every(Math.max(ours, beat), () => this.#socket.send("\n"));
    if (theirs > 0) {
      const most = 2 * Math.max(theirs, beat);
      this.#every(most / 2, () => {
        if (Date.now() - this.#heard > most) this.#socket.close();
      });
    }
    for (const [id, { destination }] of this.#subscriptions) this.#write("SUBSCRIBE", { id, destination });
    this.#state("open", `connected to ${headers.server ?? "the broker"}`);
  }

  #lost() {
    this.#stop();
    if (!this.#wanted) return;
    this.#state("waiting", "connection lost, trying again");
    this.#timers.push(setTimeout(() => this.#connect(), this.#retry));
    this.#retry = Math.min(this.#retry * 2, longestRetry);
  }

  #stop() {
    this.#open = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  #every(time, what) {
    this.#timers.push(setInterval(what, time));
  }

  #write(command, headers, body) {
    this.#socket.send(encode(command, headers, body));
  }
}
