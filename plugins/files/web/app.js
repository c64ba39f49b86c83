// SPDX-License-Identifier: Apache-2.0
// The page: what a person does, and what they see. All text of others goes through textContent.

import { Client } from "./stomp.js";

const mostMessages = 200;
const byId = (id) => document.getElementById(id);
const messages = byId("messages");

const client = new Client(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/`, show);

function show(state, text) {
  byId("state").dataset.state = state;
  byId("state").textContent = text;
  const busy = state === "open" || state === "waiting";
  byId("open").disabled = busy;
  byId("close").disabled = !busy;
  for (const form of ["subscribe", "send"]) {
    byId(form).querySelector("button").disabled = state !== "open";
  }
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function add({ headers, body }) {
  const meta = element("div", "meta", "");
  meta.append(element("time", "", new Date().toLocaleTimeString()),
    element("span", "", headers.destination ?? ""));
  const row = document.createElement("li");
  row.append(meta, element("pre", "", body));
  messages.prepend(row);
  while (messages.childElementCount > mostMessages) messages.lastElementChild.remove();
}

function onSubmit(id, act) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act(new FormData(event.target));
  });
}

onSubmit("connect", (form) => client.open(form.get("login"), form.get("passcode")));
byId("close").addEventListener("click", () => client.close());

onSubmit("subscribe", (form) => {
  const destination = form.get("destination");
  const end = client.subscribe(destination, add);
  const chip = element("li", "", destination);
  const remove = element("button", "", "×");
  remove.type = "button";
  remove.setAttribute("aria-label", `Unsubscribe from ${destination}`);
  remove.addEventListener("click", () => {
    end();
    chip.remove();
  });
  chip.append(remove);
  byId("subscriptions").append(chip);
});

onSubmit("send", (form) => client.send(form.get("destination"), form.get("body")));
byId("clear").addEventListener("click", () => messages.replaceChildren());
