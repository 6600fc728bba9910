/* What is still on this phone, one by one, and sending it as soon as that is possible. */
import * as queue from "./queue.js";
import swap from "./swap.js";

const SOON_MS = 2_000, SELDOM_MS = 300_000;

export default function waiting(section) {
  if (!isSecureContext) return;
  const { account } = section.dataset;
  const sent = new Map();
  let timer, pause_ms = SOON_MS;

  function row(item) {
    const line = document.createElement("li");
    const words = section.querySelector(`template[data-state="${item.state}"]`).content.cloneNode(true);
    const about = document.createElement("span");
    about.textContent = `${item.title}, ${new Date(item.at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" })}`;
    line.append(about, " ", words);
    // Whoever gave no name has nothing else to find it by.
    const code = item.fields.find(([name, value]) => name === "code" && value)?.[1];
    if (code) line.append(Object.assign(document.createElement("code"), { textContent: code }));
    for (const button of line.querySelectorAll("button")) {
      button.addEventListener("click", () => acts[button.dataset.act](item, button));
    }
    return line;
  }
  const acts = {
    look,
    again: deliver,
    "give-up": (item, { dataset }) => confirm(dataset.sure) && queue.giveUp(item.client),
  };
  async function draw() {
    const kept = await queue.of(account);
    const items = [...sent.values(), ...kept];
    section.hidden = !items.length;
    section.querySelector("ul").replaceChildren(...items.map(row));
  }
  async function deliver(item) {
    const { state } = await queue.send(item.client);
    if (state === "sent") sent.set(item.client, { ...item, state });
    await draw();
  }
  async function flush() {
    clearTimeout(timer);
    // One that was on its way when its page was closed has nobody else to send it.
    const ready = (await queue.of(account)).filter(({ state }) => /^(sending|waiting|signed-out)$/.test(state));
    for (const item of ready) await deliver(item);
    await draw();
    if (sent.size) refresh();
    if (!(await queue.of(account)).some(({ state }) => state === "waiting")) return;
    // A phone often believes that it has a network, or that it has none: so now and then it tries.
    timer = setTimeout(flush, pause_ms);
    pause_ms = Math.min(2 * pause_ms, SELDOM_MS);
  }
  function begin() {
    pause_ms = SOON_MS;
    flush();
  }
  document.addEventListener("queue:changed", draw);
  document.addEventListener("queue:stuck", begin);
  addEventListener("online", begin);
  begin();
}

/* The same answers again, as a visit: the page that comes says what is wrong with them. */
function look(item) {
  const form = document.createElement("form");
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  Object.assign(form, { method: "post", action: item.url, enctype: "multipart/form-data" });
  for (const [name, value] of [...item.fields, ["csrfmiddlewaretoken", token]]) {
    const input = Object.assign(document.createElement("input"), { name, hidden: true });
    // Several inputs of one name send what one with several files would.
    if (value instanceof File) Object.assign(input, { type: "file", files: queue.asFiles(value) });
    else Object.assign(input, { type: "hidden", value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

/* A list of what is owed shows what has become of it since. */
async function refresh() {
  if (!document.querySelector("[data-refreshes]")) return;
  const answer = await fetch(location.href);
  if (answer.ok) swap(await answer.text());
}
