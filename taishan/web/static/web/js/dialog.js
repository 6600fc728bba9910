/* Turns a folded section into a dialog: its content moves into the dialog while that is open. */
export default function dialog(details) {
  const window_ = details.querySelector("dialog");
  const body = window_.querySelector("[data-body]");
  const plain = details.querySelector("[data-plain]");
  details.after(window_);
  body.append(plain);
  details.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    window_.showModal();
  });
  window_.addEventListener("click", (event) => {
    if (event.target === window_ || event.target.closest("[data-close]")) window_.close();
  });
}
