/* Pages that open without a network: starts their keeper, and asks it to keep what this one names. */
export default async function offline(body) {
  if (!("serviceWorker" in navigator)) return;
  const [arrival] = performance.getEntriesByType("navigation");
  await navigator.serviceWorker.register(body.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  const pages = [...document.querySelectorAll("main a[data-offline]")].map((link) => link.href);
  if (pages.length) pages.push(...[...document.querySelectorAll("footer a[data-offline]")].map((link) => link.href));
  // The keeper sees a page come only once it runs: neither the one that started it, nor one that was
  // opened right after.
  if (!arrival?.workerStart) pages.push(location.href);
  active.postMessage(pages);
}
