/* The form of a hazard: where the phone is, when asked, and the code of a report without a name,
   which this phone draws by itself so that it is known before there is a network. */
const CODE_BYTES = 10, PLACES = 5;

export default function hazardReport(form) {
  offerPosition(form);
  offerReceipt(form);
}

function offerPosition(form) {
  const part = form.querySelector("[data-position]");
  if (!isSecureContext || !navigator.geolocation) return;
  part.hidden = false;
  const said = part.querySelector("[role=status]");
  part.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(PLACES);
        form.elements.longitude.value = coords.longitude.toFixed(PLACES);
        said.textContent = part.dataset.taken.replace("%s", Math.round(coords.accuracy));
      },
      () => { said.textContent = part.dataset.failed; },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
  form.addEventListener("reset", () => { said.textContent = ""; });
}

function offerReceipt(form) {
  const part = form.querySelector("[data-receipt]");
  const { anonymous, code } = form.elements;
  const show = () => {
    part.hidden = !anonymous.checked;
    code.value = anonymous.checked ? draw() : "";
    part.querySelector(".receipt-code").textContent = code.value;
    part.querySelector("button").dataset.link = code.value;
  };
  anonymous.addEventListener("change", show);
  // The boxes are empty again only after the form was told to reset.
  form.addEventListener("reset", () => setTimeout(() => {
    for (const name of ["latitude", "longitude"]) form.elements[name].value = "";
    show();
  }));
  show();
}

function draw() {
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/(....)(?=.)/g, "$1-");
}
