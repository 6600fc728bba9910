/* Says on the page what went wrong with a passkey; the account library only logs it. */
export default function passkey(notice) {
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    notice.hidden = false;
  });
}
