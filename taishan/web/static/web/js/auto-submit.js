/* Filters apply when changed; the button is for pages without scripts and for search fields. */
export default function autoSubmit(form) {
  form.addEventListener("change", () => form.requestSubmit());
  if (!form.querySelector('input[type="search"]')) {
    form.querySelector("button:not([name])")?.setAttribute("hidden", "");
  }
}
