/* A form whose answers are kept on the phone first and then sent, with a network or without. */
import * as queue from "./queue.js";
import swap from "./swap.js";

const SHOWN = new Set(["sent", "refused", "conflict"]);

export default function sendsOffline(form) {
  // Without an encrypted connection browsers keep nothing: the form then sends itself.
  if (!isSecureContext) return;
  // A page that was kept does not know when it is opened.
  const opened = form.elements.namedItem("opened_at");
  if (opened && !("kept" in opened.dataset)) opened.value = new Date().toISOString();
  form.addEventListener("submit", async (event) => {
    // A button with a name asks for another page to answer on, such as one with a row more.
    if (event.submitter?.name) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const item = collect(form);
    try {
      await queue.add(item);
    } catch {
      // The phone has no room left: the form then sends itself, photos and all.
      form.ariaBusy = "false";
      form.submit();
      return;
    }
    const { state, page } = await queue.send(item.client).catch(() => ({ state: "waiting" }));
    form.ariaBusy = "false";
    if (SHOWN.has(state)) {
      await queue.drop(item);
      swap(page);
      if (state !== "sent") giveBack(item.fields);
    } else {
      // Another one may be found before this one is sent.
      if (item.isEach) form.reset();
      document.dispatchEvent(new Event("queue:stuck"));
      document.querySelector(".waiting")?.scrollIntoView({ block: "start" });
    }
  });
}

function collect(form) {
  const given = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const isAnswer = ([name, value]) =>
    name !== "client" && name !== "device_at" && !(value instanceof File && !value.name);
  const fields = given.filter(isAnswer);
  const client = crypto.randomUUID();
  const at = new Date().toISOString();
  // A page that came back has the number of what it answers.
  const number = form.elements.namedItem("client") ?? form.elements.namedItem("key");
  return {
    client,
    at,
    instead: number?.value,
    account: form.elements.namedItem("account").value,
    isEach: form.dataset.sent === "each",
    url: location.pathname + location.search,
    title: form.dataset.title,
    state: "sending",
    fields: [...fields, ["client", client], ["device_at", at]],
  };
}

/* A page that comes back holds no files: they are put into it again. */
function giveBack(fields) {
  const files = fields.filter(([, value]) => value instanceof File);
  for (const input of document.querySelectorAll('main input[type="file"]')) {
    const mine = files.filter(([name]) => name === input.name).map(([, file]) => file);
    if (mine.length) input.files = queue.asFiles(...mine);
  }
  if (files.length) document.querySelector("[data-lost-files]")?.remove();
}
