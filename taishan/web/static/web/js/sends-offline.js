/* A form whose answers are kept on the phone first and then sent, with a network or without. */
import * as queue from "./queue.js";
import swap from "./swap.js";

const SHOWN = new Set(["sent", "refused", "conflict"]);

export default function sendsOffline(form) {
  // Without an encrypted connection browsers keep nothing: the form then sends itself.
  if (!isSecureContext) return;
  form.addEventListener("submit", async (event) => {
    // A button with a name asks for another page to answer on, such as one with a row more.
    if (event.submitter?.name) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const item = collect(form);
    await queue.add(item);
    const { state, page } = await queue.send(item.client);
    form.ariaBusy = "false";
    if (SHOWN.has(state)) {
      await queue.drop(item.account, item.url);
      swap(page);
    } else {
      document.dispatchEvent(new Event("queue:stuck"));
      document.querySelector(".waiting")?.scrollIntoView({ block: "start" });
    }
  });
}

function collect(form) {
  const given = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const fields = given.filter(([name]) => name !== "client" && name !== "device_at");
  const client = crypto.randomUUID();
  const at = new Date().toISOString();
  return {
    client,
    at,
    account: new FormData(form).get("account"),
    url: location.pathname + location.search,
    title: form.dataset.title,
    state: "waiting",
    fields: [...fields, ["client", client], ["device_at", at]],
  };
}
