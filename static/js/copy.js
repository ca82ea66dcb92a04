// Buttons that copy a text: data-copy="text". They are shown only where scripts run.
import { find } from "./dom.js";
import { toast } from "./toasts.js";

export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast("Copied.", "good");
    } catch {
      toast("The browser did not allow copying. Select the text and copy it by hand.", "bad");
    }
  });
}

/** Show the copy buttons below `root`. */
export function showCopyButtons(root) {
  for (const button of find(root, "[data-copy]")) button.hidden = false;
}
