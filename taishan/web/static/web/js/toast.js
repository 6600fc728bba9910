/* A word that passes. */
const SHOWN_MS = 6000;

export default function toast(element) {
  setTimeout(() => element.remove(), SHOWN_MS);
}
