/* What is sent waits for what is still being done to its form: a behaviour on its way, a photo being
   made smaller. A press in that moment is neither lost nor goes round it. Not a behaviour. */
const held = new WeakMap(), pressed = new WeakSet();

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
  if (pressed.has(form)) return;
  pressed.add(form);
  while (held.has(form)) await held.get(form);
  pressed.delete(form);
  form.requestSubmit(submitter);
}, { capture: true });
