// The Create page: a category tab chooses its first look; results are shared by the browser's own sheet, or as a link.
import { find } from "./dom.js";
import { toast } from "./toasts.js";

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-category]")) return;
  const panels = [...event.target.form.querySelectorAll("[data-category-panel]")];
  const look = panels.find((panel) => panel.dataset.categoryPanel === event.target.value)?.querySelector("[name=look]");
  if (look && !look.checked) look.click();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const url = new URL(button.dataset.share, location.href).href;
  try {
    if (navigator.share) await navigator.share({ title: button.dataset.shareTitle, url });
    else {
      await navigator.clipboard.writeText(url);
      toast("Link copied. Members of this workspace can open it.", "good");
    }
  } catch (error) {
    if (error.name !== "AbortError") toast("The browser did not allow sharing. Copy the address of the picture's page.", "bad");
  }
});

function showShareButtons(root) {
  for (const button of find(root, "[data-share]")) button.hidden = false;
}

showShareButtons(document);
document.addEventListener("htmx:load", (event) => showShareButtons(event.detail.elt));
