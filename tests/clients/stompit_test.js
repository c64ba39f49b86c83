// SPDX-License-Identifier: Apache-2.0
// stompit against the broker on ROMP_PORT; stompit_test.py starts both.
'use strict';

const assert = require('node:assert');
const stompit = require('stompit');

const address = {
  host: '127.0.0.1',
  port: Number(process.env.ROMP_PORT),
  connectHeaders: {host: 'localhost', 'heart-beat': '1000,1000'},
};

function connect() {
  return new Promise((resolve, reject) => {
    stompit.connect(address, (error, client) => (error ? reject(error) : resolve(client)));
  });
}

function disconnect(client) {
  return new Promise((resolve, reject) => {
    client.disconnect((error) => (error ? reject(error) : resolve()));
  });
}

/** Resolves when the broker has taken the message. */
function send(client, headers, body) {
  return new Promise((resolve) => {
    client.sendString(headers, body, {onReceipt: resolve});
  });
}

/** Frames of one command without a body; resolves with the broker's receipt. */
function command(client, name, headers) {
  return new Promise((resolve) => {
    client.sendFrame(name, headers, {onReceipt: resolve}).end();
  });
}

/** What a subscription receives; `next` waits for it. */
class Inbox {
  constructor(client, headers) {
    this.messages = [];
    this.waiting = [];
    client.subscribe(headers, (error, message) => {
      if (error) return this.put({error});
      message.readString('utf-8', (bad, body) => this.put({error: bad, body, message}));
    });
  }

  put(item) {
    if (this.waiting.length > 0) this.waiting.shift()(item);
    else this.messages.push(item);
  }

  async next() {
    const item = this.messages.shift() || (await new Promise((resolve) => this.waiting.push(resolve)));
    if (item.error) throw item.error;
    return item;
  }
}

/** Resolves when everything the client has sent so far is done. */
function settled(client) {
  return send(client, {destination: '/topic/nobody'}, '');
}

const tests = {
  async 'a queue gives back in order what was sent'() {
    const client = await connect();
    for (let n = 0; n < 10; ++n) await send(client, {destination: '/queue/js'}, `message ${n}`);
    const inbox = new Inbox(client, {destination: '/queue/js'});
    for (let n = 0; n < 10; ++n) assert.strictEqual((await inbox.next()).body, `message ${n}`);
    await disconnect(client);
  },

  async 'a topic gives every subscriber every message'() {
    const clients = [await connect(), await connect(), await connect()];
    const inboxes = clients.map((client) => new Inbox(client, {destination: '/topic/js'}));
    await Promise.all(clients.map(settled));
    await send(clients[0], {destination: '/topic/js', kind: 'a:b\nc'}, 'Grüße');
    for (const inbox of inboxes) {
      const {body, message} = await inbox.next();
      assert.strictEqual(body, 'Grüße');
      assert.strictEqual(message.headers.kind, 'a:b\nc');
    }
    await Promise.all(clients.map(disconnect));
  },

  async 'what was not acknowledged comes again'() {
    const destination = '/queue/js-work';
    const first = await connect();
    for (const body of ['one', 'two', 'three']) await send(first, {destination}, body);
    const taken = new Inbox(first, {destination, ack: 'client-individual'});
    const items = [await taken.next(), await taken.next(), await taken.next()];
    first.ack(items[1].message);
    await settled(first);
    await disconnect(first);

    const second = await connect();
    const again = new Inbox(second, {destination, ack: 'client-individual'});
    for (const body of ['one', 'three']) {
      const item = await again.next();
      assert.strictEqual(item.body, body);
      assert.strictEqual(item.message.headers.redelivered, 'true');
      second.ack(item.message);
    }
    await disconnect(second);
  },

  async 'a request is answered through a temporary queue'() {
    const worker = await connect();
    const work = new Inbox(worker, {destination: '/queue/js-questions'});
    const asker = await connect();
    const answers = new Inbox(asker, {destination: '/temp-queue/answers'});
    await Promise.all([settled(worker), settled(asker)]);
    await send(asker, {destination: '/queue/js-questions', 'reply-to': '/temp-queue/answers'}, '6 * 7');
    const {message} = await work.next();
    await send(worker, {destination: message.headers['reply-to']}, '42');
    assert.strictEqual((await answers.next()).body, '42');
    await Promise.all([disconnect(worker), disconnect(asker)]);
  },

  async 'a transaction counts once it is committed'() {
    const client = await connect();
    for (const end of ['ABORT', 'COMMIT']) {
      await command(client, 'BEGIN', {transaction: 't'});
      await send(client, {destination: '/queue/js-ledger', transaction: 't'}, end);
      await command(client, end, {transaction: 't'});
    }
    const inbox = new Inbox(client, {destination: '/queue/js-ledger'});
    assert.strictEqual((await inbox.next()).body, 'COMMIT');
    await disconnect(client);
  },
};

function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

(async () => {
  for (const [name, test] of Object.entries(tests)) {
    await within(5000, test(), name);
    console.log(`ok: ${name}`);
  }
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
