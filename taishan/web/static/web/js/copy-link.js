/* Copy the page's full address. Shown only where the browser lets a page write the clipboard. */
export default function copyLink(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const word = button.querySelector("span");
  const before = word.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.link);
    word.textContent = button.dataset.done;
    setTimeout(() => { word.textContent = before; }, 2000);
  });
}
