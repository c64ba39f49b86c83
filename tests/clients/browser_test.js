// SPDX-License-Identifier: Apache-2.0
// The page of plugins/files in a real browser: connect, subscribe, send, see the message, lose the broker and find it
// again. node --test.
"use strict";

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { chromium } = require("playwright-core");

const env = process.env;
const patience = 20000;

/** The daemon on a port of its own, which it keeps when it is started again. */
class Broker {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "romp-browser-"));
    this.port = 0;
  }

  async start() {
    const ini = path.join(this.folder, "romp.ini");
    fs.writeFileSync(ini, `[server]\nports = ${this.port}\ndrain_timeout = 1s\n[plugins]\ndir = ${env.ROMP_PLUGINS}\n`
      + `[plugin.files]\nroot = ${env.ROMP_WEB_ROOT}\n[plugin.stamp]\nenabled = no\n[plugin.limit]\nenabled = no\n`);
    this.process = spawn(env.ROMP_BROKER, ["-c", ini], { stdio: ["ignore", "ignore", "pipe"] });
    this.ended = new Promise((resolve) => { this.process.once("exit", resolve); });
    let log = "";
    await new Promise((resolve, reject) => {
      this.process.stderr.on("data", (text) => {
        log += text;
        const found = /listens on 127\.0\.0\.1:(\d+)\n/.exec(log);
        if (found) {
          this.port = Number(found[1]);
          resolve();
        }
      });
      this.ended.then(() => reject(new Error(`the broker ended:\n${log}`)));
    });
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}

describe("the page", () => {
  const broker = new Broker();
  const complaints = [];
  let browser;
  let page;

  before(async () => {
    await broker.start();
    browser = await chromium.launch({ executablePath: env.ROMP_BROWSER, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (line) => {
      if (line.type() === "error" && !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(line.text())) {
        complaints.push(line.text());
      }
    });
    page.setDefaultTimeout(patience);
  });
  after(async () => {
    await browser?.close();
    await broker.kill();
    fs.rmSync(broker.folder, { recursive: true });
  });

  const state = (wanted) => page.locator(`#state[data-state="${wanted}"]`).waitFor();
  const message = (text) => page.locator("#messages li pre", { hasText: text }).first().waitFor();
  const send = async (text) => {
    await page.fill("#send [name=body]", text);
    await page.click("#send [type=submit]");
  };

  test("is served with a strict policy", async () => {
    const answer = await page.goto(`http://127.0.0.1:${broker.port}/`);
    assert.equal(answer.status(), 200);
    assert.match(answer.headers()["content-security-policy"], /default-src 'none'; script-src 'self'/);
    assert.equal(await page.title(), "romp");
  });

  test("connects, subscribes, sends and shows the message", async () => {
    await page.click("#open");
    await state("open");
    await page.click("#subscribe [type=submit]");
    await send("Grüße <b>an alle</b>");
    await message("Grüße <b>an alle</b>");
    assert.equal(await page.locator("#messages b").count(), 0, "what others write is text");
  });

  test("connects again by itself when the broker was killed, and keeps its subscriptions", async () => {
    await broker.kill();
    await state("waiting");
    await broker.start();
    await state("open");
    await send("after the restart");
    await message("after the restart");
  });

  test("looks good", async () => {
    await page.screenshot({ path: path.join(env.ROMP_WORK, "page-desktop.png"), fullPage: true });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wide, false, "nothing is wider than a phone");
    await page.screenshot({ path: path.join(env.ROMP_WORK, "page-phone-dark.png"), fullPage: true });
  });

  test("unsubscribes and disconnects", async () => {
    await page.click("#subscriptions button");
    assert.equal(await page.locator("#subscriptions li").count(), 0);
    await page.click("#close");
    await state("closed");
  });

  test("has nothing to complain about", () => assert.deepEqual(complaints, []));
});
