/* What is sent waits for what is still being done to its form: a behaviour on its way, a photo being
   made smaller. A press in that moment is neither lost nor goes round it. Not a behaviour. */
const held = new WeakMap(), pressed = new WeakMap();

export default function hold(form, work) {
  const all = Promise.allSettled([held.get(form), work]).then(() => {
    if (held.get(form) === all) held.delete(form);
  });
  held.set(form, all);
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!held.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const isFirst = !pressed.has(form), isFree = form.ariaBusy !== "true";
  // Of several buttons the one pressed last is meant.
  pressed.set(form, submitter);
  if (!isFirst) return;
  if (isFree) form.ariaBusy = "true";
  while (held.has(form)) await held.get(form);
  if (isFree) form.ariaBusy = "false";
  const last = pressed.get(form);
  pressed.delete(form);
  form.requestSubmit(last);
}, { capture: true });
