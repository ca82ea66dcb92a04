// Pictures fade in when they have come; one that cannot be loaded leaves its calm ground instead of a broken mark.
import { find } from "./dom.js";

export function showPictures(root) {
  for (const img of find(root, "img[data-fade]")) {
    if (img.complete && img.naturalWidth) continue;
    if (img.complete && img.getAttribute("loading") !== "lazy") img.classList.add("is-missing");
    img.classList.add("is-loading");
    img.addEventListener("load", () => img.classList.remove("is-loading"), { once: true });
    img.addEventListener("error", () => img.classList.add("is-missing"), { once: true });
  }
}
