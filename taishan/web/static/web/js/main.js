/* Binds each [data-behaviour] to its module, fetched only where it occurs. A page works without
   any of them. Paths are literal so that a static-files storage can rewrite them. */
import hold from "./hold.js";

const modules = {
  "auto-submit": () => import("./auto-submit.js"),
  chart: () => import("./chart.js"),
  "closes-outside": () => import("./closes-outside.js"),
  "copy-link": () => import("./copy-link.js"),
  "day-slider": () => import("./day-slider.js"),
  dialog: () => import("./dialog.js"),
  "drops-waiting": () => import("./drops-waiting.js"),
  "hazard-report": () => import("./hazard-report.js"),
  live: () => import("./live.js"),
  "live-form": () => import("./live-form.js"),
  offline: () => import("./offline.js"),
  passkey: () => import("./passkey.js"),
  "sends-offline": () => import("./sends-offline.js"),
  "shows-current": () => import("./shows-current.js"),
  "shrinks-photos": () => import("./shrinks-photos.js"),
  toast: () => import("./toast.js"),
  waiting: () => import("./waiting.js"),
};
const bound = new WeakMap(), PATIENCE_MS = 5_000;

async function bind(element) {
  const known = bound.get(element) ?? new Set();
  bound.set(element, known);
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    if (!(name in modules) || known.has(name)) continue;
    known.add(name);
    try {
      (await modules[name]()).default(element);
    } catch (error) {
      known.delete(name);
      throw error;
    }
  }
}

function bindWithin(root) {
  const marked = [...root.querySelectorAll("[data-behaviour]")];
  if (root.matches?.("[data-behaviour]")) marked.unshift(root);
  for (const element of marked) {
    const binding = bind(element), form = element.closest("form");
    // A module that never comes must not keep what is sent for ever.
    if (form) hold(form, Promise.race([binding, new Promise((go) => setTimeout(go, PATIENCE_MS))]));
  }
}

bindWithin(document);
for (const name of ["htmx:load", "page:swapped"]) {
  document.addEventListener(name, (event) => bindWithin(event.detail.elt));
}
