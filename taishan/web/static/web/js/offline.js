/* Pages that open without a network: starts their keeper, and asks it to keep what this one names. */
export default async function offline(body) {
  if (!("serviceWorker" in navigator)) return;
  const isFirst = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register(body.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  const pages = [...document.querySelectorAll("main a[data-offline]")].map((link) => link.href);
  if (pages.length) pages.push(...[...document.querySelectorAll("footer a[data-offline]")].map((link) => link.href));
  // The page that started the keeper came before it.
  if (isFirst) pages.push(location.href);
  active.postMessage(pages);
}
