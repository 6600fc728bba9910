/* Drag the day: a slider over the days around the chosen one; the page follows when let go. */
for (const form of document.querySelectorAll('[data-behaviour="day"]')) {
  const day = form.elements.day;
  const slider = form.querySelector(".slider");
  const start = Date.UTC(2020, 0, 20);
  const chosen = Date.parse(`${day.value}T00:00:00Z`);
  const offset = Math.round((chosen - start) / 86400000);
  if (offset >= 0 && offset <= 100) {
    slider.hidden = false;
    slider.value = offset;
    slider.addEventListener("input", () => {
      day.value = new Date(start + slider.valueAsNumber * 86400000).toISOString().slice(0, 10);
    });
    slider.addEventListener("change", () => form.requestSubmit());
  }
  form.elements.state.addEventListener("change", () => form.requestSubmit());
}
