// One item's page: arrow keys go to its neighbours, Escape goes back, and the picture can be handed to other apps.
import { toast } from "./toasts.js";

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], [data-menu][open]")) return;
  const where = { ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", Escape: "[data-viewer-back]" }[event.key];
  if (where) document.querySelector(`[data-viewer] ${where}`)?.click();
});

for (const input of document.querySelectorAll("[data-bulk-sure]")) input.value = "1"; // our dialog asks

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = false;
  button.addEventListener("click", () => share(button.dataset.share, button.dataset.shareTitle));
}

/** Hand the file to the system's share sheet; where there is none, copy the address of this page. */
async function share(address, title) {
  try {
    if (navigator.canShare) {
      const blob = await (await fetch(address)).blob();
      const file = new File([blob], `picture.${blob.type.split("/")[1]}`, { type: blob.type });
      if (navigator.canShare({ files: [file] })) {
        await navigator.share({ files: [file], title });
        return;
      }
    }
    await navigator.clipboard.writeText(location.href);
    toast("The address of this page is copied. Members of this workspace can open it.", "good");
  } catch (error) {
    if (error.name !== "AbortError") toast("Sharing did not work. Download the picture instead.", "bad");
  }
}
