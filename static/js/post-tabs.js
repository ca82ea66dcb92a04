// Previews of several channels: with scripts one at a time, chosen by tabs.

/** Show only the chosen channel's preview in each box under `root`. */
export function showPreviews(root) {
  for (const box of root.querySelectorAll("[data-preview-box]")) {
    const tab = box.querySelector("[data-preview-tab]:checked");
    for (const one of box.querySelectorAll("[data-preview]")) one.hidden = Boolean(tab) && one.dataset.preview !== tab.value;
  }
}

document.addEventListener("change", (event) => event.target.matches("[data-preview-tab]") && showPreviews(document));
showPreviews(document);
