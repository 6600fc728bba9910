/* A link that gives up the answers of this page that still wait on the phone. */
import * as queue from "./queue.js";

export default function dropsWaiting(link) {
  if (!isSecureContext) return;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const account = document.querySelector("[name=account]").value;
    await queue.drop({ account, url: location.pathname });
    location.assign(link.href);
  });
}
