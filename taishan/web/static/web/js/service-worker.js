/* Keeps pages and static files for when there is no network. Loaded by /sw.js, which names STATIC,
   the folder of this version's files. Answers wait in IndexedDB (queue.js), never here. */
const PAGES = "pages", FILES = `files ${STATIC}`, PATIENCE_MS = 3_000;
const KEPT = /^\/($|reports\/|notices\/$|stop-work\/new\/$|safety\/(hazards\/new\/$|red-lines\/breaches\/new\/$|inspections\/(do|today)\/))/;
/* Signing in and out: whatever is sent below accounts/, and a link or a provider's way back. */
const SENT = /^\/accounts\//, OPENED = /^\/(sign-in|accounts\/oidc)\//;
const MODULES = [
  "closes-outside", "copy-link", "drops-waiting", "hazard-report", "hold", "live-form", "main",
  "offline", "queue", "sends-offline", "shrinks-photos", "swap", "waiting",
].map((name) => `${STATIC}web/js/${name}.js`);

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(Promise.all([keepPage("/offline/"), ...MODULES.map(keepFile)]));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOtherVersions().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const wanted = event.data.filter((address) => KEPT.test(new URL(address).pathname));
  event.waitUntil(Promise.allSettled(wanted.map(keepPage)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (OPENED.test(pathname) || (request.method === "POST" && SENT.test(pathname))) {
    // What is kept was one person's: the next one on this phone must not find it.
    event.waitUntil(caches.delete(PAGES));
  } else if (request.method === "GET" && pathname.startsWith(STATIC)) {
    event.respondWith(file(request));
  } else if (request.method === "GET" && request.mode === "navigate" && KEPT.test(pathname)) {
    event.respondWith(page(event));
  }
});

async function forgetOtherVersions() {
  const names = (await caches.keys()).filter((name) => name !== PAGES && name !== FILES);
  // Kept pages name the files of their version.
  if (names.length) await caches.delete(PAGES);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(event) {
  const kept = caches.match(event.request, { ignoreVary: true }).then(async (exact) =>
    exact ?? caches.match(event.request, { ignoreVary: true, ignoreSearch: true }));
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((answer) => keep(event.request, answer.clone())).catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)).then(async () => (await kept) ?? fresh);
  try {
    return await Promise.race([fresh, late]);
  } catch {
    return (await kept) ?? (await caches.match("/offline/", { ignoreVary: true })) ?? Response.error();
  }
}

async function keepPage(address) {
  // Kept is not read: the server must not take a notice for opened.
  await keep(address, await fetch(address, { headers: { "X-Taishan-Kept": "1" } }));
}

async function keep(request, answer) {
  if (!answer.ok || answer.redirected) return;
  // Opened first: what is put into it after somebody signed out goes with what was deleted.
  const cache = await caches.open(PAGES);
  const text = await answer.clone().text();
  const files = text.matchAll(/<(?:link|script|use)[^>]* (?:href|src)="([^"#]+)/g);
  await Promise.allSettled([...files].map(([, found]) => found).filter((found) => found.startsWith(STATIC)).map(keepFile));
  // Last, so that no page is kept before its files: it would open without its scripts.
  await cache.put(request, answer);
}

async function keepFile(address) {
  const cache = await caches.open(FILES);
  if (await cache.match(address, { ignoreVary: true })) return;
  const answer = await fetch(address);
  if (!answer.ok) return;
  await cache.put(address, answer.clone());
  if (!address.endsWith(".css")) return;
  const parts = (await answer.text()).matchAll(/@import url\("([^"]+)"\)/g);
  await Promise.allSettled([...parts].map(([, part]) => keepFile(new URL(part, new URL(address, location)).pathname)));
}
