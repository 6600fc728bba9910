/* Scrolls a row that is wider than the screen to where one is; the page itself stays. */
export default function showsCurrent(row) {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
}
