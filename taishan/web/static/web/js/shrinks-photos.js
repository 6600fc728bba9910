/* A file input whose photos are made smaller before they are sent: what a camera takes is many times
   what anybody looks at, and a poor network carries it for minutes. What cannot be read goes as is. */
import hold from "./hold.js";
import { asFiles } from "./queue.js";

const LONGEST_PX = 1600, QUALITY = 0.8, SMALL_BYTES = 400_000;

export default function shrinksPhotos(input) {
  const shrinkChosen = () => hold(input.form, shrinkAll(input));
  input.addEventListener("change", shrinkChosen);
  // Whoever is quick has chosen before this came.
  shrinkChosen();
}

async function shrinkAll(input) {
  const given = [...input.files];
  const smaller = await Promise.all(given.map(shrink));
  // Whoever chose others meanwhile has set this going again.
  if (given.every((file, at) => input.files[at] === file)) input.files = asFiles(...smaller);
}

async function shrink(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
    // One that was made smaller before would lose again.
    if (scale === 1 && (file.size <= SMALL_BYTES || file.type === "image/jpeg")) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}
