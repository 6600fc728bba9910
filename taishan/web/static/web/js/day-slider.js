/* Drag the day: while the slider moves, the date and its weekday follow at once and htmx fetches
   #main at most every 250 ms (see day_control.html); the last position always wins. */
const DAY_MS = 86_400_000;

export default function daySlider(form) {
  const slide = form.querySelector("[data-day-slide]");
  const range = slide.querySelector("input");
  const field = form.elements.day;
  const word = form.querySelector("[data-day-word]");
  const first = Date.parse(`${range.dataset.first}T00:00:00Z`);
  const weekday = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long",
    timeZone: "UTC",
  });

  function tell(instant) {
    word.textContent = weekday.format(instant);
    range.setAttribute("aria-valuetext", `${field.value}, ${word.textContent}`);
  }

  range.addEventListener("input", () => {
    const instant = first + range.valueAsNumber * DAY_MS;
    field.value = new Date(instant).toISOString().slice(0, 10);
    tell(instant);
    form.dispatchEvent(new Event("slide"));
  });
  range.addEventListener("change", () => form.requestSubmit());
  field.addEventListener("change", () => {
    if (!field.value) return;
    range.value = Math.round((Date.parse(`${field.value}T00:00:00Z`) - first) / DAY_MS);
    tell(Date.parse(`${field.value}T00:00:00Z`));
    form.requestSubmit();
  });
  slide.hidden = false;
  form.querySelector("[data-day-go]").hidden = true;
}
