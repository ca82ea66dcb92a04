// Entry point: starts every module on the page, and again on whatever htmx brings in.
import { startConfirm } from "./confirm.js";
import { showCopyButtons, startCopy } from "./copy.js";
import { startDialogs } from "./dialog.js";
import { find } from "./dom.js";
import { showReveals, startForms } from "./forms.js";
import { startMenus } from "./menu.js";
import { startNetworkNotices } from "./network.js";
import { showPictures } from "./pictures.js";
import { startProgress } from "./progress.js";
import { showCurrentTab } from "./tabs.js";
import { startThemeToggle } from "./theme-toggle.js";
import { startToasts } from "./toasts.js";

// Modules that listen on the document start once.
for (const start of [startConfirm, startCopy, startDialogs, startForms, startMenus, startNetworkNotices, startToasts]) {
  start();
}

// Modules that attach to elements start for each new piece of the page; each must bear being called twice.
const attach = [showCopyButtons, showCurrentTab, showPictures, showReveals, startProgress, startThemeToggle];

async function enhance(root) {
  for (const start of attach) start(root);
  if (find(root, "[data-photo-drop], [data-photo-key]").length) (await import("./photo-drop.js")).startPhotoDrop(root);
  if (find(root, "[data-live], [data-suggestions], [data-turns]").length) {
    const live = await import("./live-preview.js");
    live.startComposer(root);
    live.startLive(root);
  }
  if (find(root, "[data-webcam]").length) (await import("./webcam.js")).startWebcam(root);
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
