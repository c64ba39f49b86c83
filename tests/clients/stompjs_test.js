// SPDX-License-Identifier: Apache-2.0
// @stomp/stompjs over ws, against a running broker: what most pages use. node --test.
"use strict";

const assert = require("node:assert/strict");
const { after, before, describe, test } = require("node:test");
const { Client } = require("@stomp/stompjs");
const { WebSocket } = require("ws");

const deflate = process.env.ROMP_DEFLATE !== "";
const url = `ws://127.0.0.1:${process.env.ROMP_PORT}/stomp`;

/** A client that is connected. */
function connected(options = {}) {
  return new Promise((resolve, reject) => {
    const client = new Client({
      webSocketFactory: () => new WebSocket(url, ["v12.stomp", "v11.stomp"], {
        perMessageDeflate: { threshold: 0 }, // always asked for: it is the broker that decides
      }),
      heartbeatIncoming: 0,
      heartbeatOutgoing: 0,
      reconnectDelay: 0,
      ...options,
    });
    client.onConnect = (frame) => resolve(Object.assign(client, { greeting: frame }));
    client.onStompError = (frame) => reject(new Error(`${frame.headers.message}: ${frame.body}`));
    client.activate();
  });
}

/** The next `count` messages of a destination. */
function messages(client, destination, count, headers = {}) {
  const found = [];
  let subscription;
  const whole = new Promise((resolve) => {
    subscription = client.subscribe(destination, (message) => {
      found.push(message);
      if (found.length === count) resolve(found);
    }, headers);
  });
  return { whole, subscription };
}

/** Resolves when the broker has done what was sent before. */
function receipt(client, destination = "/topic/receipts") {
  return new Promise((resolve) => {
    const id = `r-${Math.random()}`;
    client.watchForReceipt(id, resolve);
    client.publish({ destination, body: "", headers: { receipt: id } });
  });
}

describe(`stompjs over ws${deflate ? ", compressed" : ""}`, () => {
  let client;
  before(async () => {
    client = await connected();
  });
  after(() => client.deactivate());

  test("speaks 1.2", () => {
    assert.equal(client.greeting.headers.version, "1.2");
    assert.equal(client.webSocket.protocol, "v12.stomp");
  });

  test("is compressed where the broker agrees", () => {
    assert.equal(client.webSocket.extensions, deflate ? "permessage-deflate" : "");
  });

  test("carries text both ways, with headers that must be escaped", async () => {
    const { whole } = messages(client, "/queue/stompjs-text", 1);
    client.publish({ destination: "/queue/stompjs-text", body: "grüße 😀", headers: { note: "a:b\n\\d" } });
    const [message] = await whole;
    assert.equal(message.body, "grüße 😀");
    assert.equal(message.headers.note, "a:b\n\\d");
  });

  test("carries binary bodies", async () => {
    const { whole } = messages(client, "/queue/stompjs-binary", 1);
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    client.publish({ destination: "/queue/stompjs-binary", binaryBody: body });
    const [message] = await whole;
    assert.deepEqual(Uint8Array.from(message.binaryBody), body);
  });

  test("carries 1 MiB, as text and binary", async () => {
    const { whole } = messages(client, "/queue/stompjs-large", 2);
    const text = "é0123456789abcd".repeat(65536);
    const binary = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31) & 255);
    client.publish({ destination: "/queue/stompjs-large", body: text });
    client.publish({ destination: "/queue/stompjs-large", binaryBody: binary });
    const [first, second] = await whole;
    assert.equal(first.body, text);
    assert.ok(Buffer.from(second.binaryBody).equals(Buffer.from(binary)));
  });

  test("keeps the order of many small messages", async () => {
    const { whole } = messages(client, "/queue/stompjs-many", 5000);
    for (let i = 0; i < 5000; i += 1) client.publish({ destination: "/queue/stompjs-many", body: String(i) });
    assert.deepEqual((await whole).map((message) => Number(message.body)), [...Array(5000).keys()]);
  });

  test("has many subscriptions", async () => {
    const all = [];
    for (let i = 0; i < 300; i += 1) all.push(messages(client, `/topic/stompjs-${i}`, 1).whole);
    await receipt(client);
    for (let i = 0; i < 300; i += 1) client.publish({ destination: `/topic/stompjs-${i}`, body: String(i) });
    const found = await Promise.all(all);
    assert.deepEqual(found.map(([message]) => message.body), [...Array(300).keys()].map(String));
  });

  test("acknowledges", async () => {
    const { whole, subscription } = messages(client, "/queue/stompjs-ack", 2, { ack: "client-individual" });
    client.publish({ destination: "/queue/stompjs-ack", body: "again" });
    client.publish({ destination: "/queue/stompjs-ack", body: "done" });
    const [again, done] = await whole;
    done.ack();
    again.nack();
    const { whole: redelivered } = messages(client, "/queue/stompjs-ack", 1);
    subscription.unsubscribe();
    assert.equal((await redelivered)[0].body, "again");
  });

  test("beats its heart both ways", async () => {
    const beating = await connected({ heartbeatIncoming: 500, heartbeatOutgoing: 500 });
    assert.notEqual(beating.greeting.headers["heart-beat"].split(",")[0], "0");
    const { whole } = messages(beating, "/topic/stompjs-beat", 1);
    await new Promise((resolve) => { setTimeout(resolve, 2500); });
    beating.publish({ destination: "/topic/stompjs-beat", body: "alive" });
    assert.equal((await whole)[0].body, "alive");
    await beating.deactivate();
  });

  test("is told what it does wrong", async () => {
    const wrong = await connected();
    const said = new Promise((resolve) => { wrong.onStompError = resolve; });
    wrong.publish({ destination: "", body: "" });
    assert.equal((await said).headers.message, "destination missing");
    await wrong.deactivate();
  });

  test("leaves with a receipt", async () => {
    const leaving = await connected();
    const left = new Promise((resolve) => { leaving.onDisconnect = resolve; });
    await leaving.deactivate();
    assert.match((await left).headers["receipt-id"], /./);
  });
});
