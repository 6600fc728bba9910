/* Answers on their way: kept on the phone until the server has said what became of them. Not a
   behaviour; the behaviours that send and show them import it. */
const DATABASE = "taishan", STORE = "answers", PATIENCE_MS = 20_000, PATIENCE_WITH_FILES_MS = 180_000;
const OUTCOMES = { 0: "signed-out", 401: "signed-out", 409: "conflict", 422: "refused" };
const AGAIN = new Set([408, 425, 429]);

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "client" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const get = (client) => within("readonly", (store) => store.get(client));
const put = (item) => within("readwrite", (store) => store.put(item));
const remove = (client) => within("readwrite", (store) => store.delete(client));
const tell = () => document.dispatchEvent(new Event("queue:changed"));

export async function of(account) {
  const all = await within("readonly", (store) => store.getAll());
  return all.filter((item) => item.account === account).sort((a, b) => a.at.localeCompare(b.at));
}

/* What somebody answers later to the same report takes the place of what still waits, once it is
   kept itself. What is sent each for itself, such as hazards, only takes the place of the one that
   came back and is put right by it (`instead`). */
export async function add(item) {
  await put(item);
  await dropOthers(item);
}

/* Somebody says that they give it up. */
export async function giveUp(client) {
  await remove(client);
  tell();
}

export async function drop(item) {
  if (item.client) await remove(item.client);
  await dropOthers(item);
}

async function dropOthers({ account, url, client, isEach, instead }) {
  const path = url.split("?")[0];
  const goes = (item) => (isEach ? item.client === instead : item.url.split("?")[0] === path);
  const others = (await of(account)).filter((item) => item.client !== client && goes(item));
  for (const item of others) await remove(item.client);
  tell();
}

/* Answers what became of it: "sent", "refused" and "conflict" come with the page that says so. One
   at a time over all tabs; the server takes a number that comes twice for the same report. */
export function send(client) {
  return navigator.locks.request("queue", async () => {
    const item = await get(client);
    if (!item) return { state: "sent" };
    const { state, page } = await attempt(item);
    if (state === "sent") await remove(client);
    else await put({ ...item, state });
    tell();
    return { state, page };
  });
}

async function attempt(item) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const hasFiles = item.fields.some(([, value]) => value instanceof Blob);
  try {
    const answer = await fetch(item.url, {
      method: "POST",
      body: hasFiles ? asForm(item.fields) : new URLSearchParams(item.fields),
      headers: { "X-CSRFToken": token },
      redirect: "manual",
      signal: AbortSignal.timeout(hasFiles ? PATIENCE_WITH_FILES_MS : PATIENCE_MS),
    });
    return { state: outcome(answer), page: await answer.text() };
  } catch {
    return { state: "waiting" };
  }
}

/* What the server does not take from this person, or knows no place for, would not be taken a minute
   later either: it stays, and is sent again when somebody says so. */
function outcome({ ok, status }) {
  if (ok) return "sent";
  return OUTCOMES[status] ?? (status < 500 && !AGAIN.has(status) ? "stopped" : "waiting");
}

function asForm(fields) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
}

/* Files as their input takes them. */
export function asFiles(...files) {
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  return carrier.files;
}
