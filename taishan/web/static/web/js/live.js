/* Asks for a part of the page again, while somebody looks at it and works nowhere in it: a swap
   would take the focus away. htmx does the asking, on "refresh". */
const EVERY_MS = 30_000;

export default function live(part) {
  const timer = setInterval(() => {
    if (!part.isConnected) clearInterval(timer);
    else if (!document.hidden && !part.contains(document.activeElement)) {
      part.dispatchEvent(new CustomEvent("refresh"));
    }
  }, EVERY_MS);
}
