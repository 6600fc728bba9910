/* Shows the main part of a page that came by other ways than a visit. */
export default function swap(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  const [here, there] = [document.querySelector("main"), next.querySelector("main")];
  if (!there) return;
  document.title = next.title;
  here.replaceWith(there);
  document.dispatchEvent(new CustomEvent("page:swapped", { detail: { elt: there } }));
  scrollTo({ top: 0 });
  there.focus();
}
