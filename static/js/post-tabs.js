// Previews of several channels: with scripts one at a time, chosen by tabs; and which of several pictures is seen.

/** Show only the chosen channel's preview in each box under `root`. */
export function showPreviews(root) {
  for (const box of root.querySelectorAll("[data-preview-box]")) {
    const tab = box.querySelector("[data-preview-tab]:checked");
    for (const one of box.querySelectorAll("[data-preview]")) one.hidden = Boolean(tab) && one.dataset.preview !== tab.value;
  }
}

function countPictures(event) {
  const count = event.target.matches?.(".mock__strip") && event.target.parentElement.querySelector(".mock__count");
  if (!count) return;
  const { scrollLeft, clientWidth, children } = event.target;
  count.textContent = `${Math.round(scrollLeft / clientWidth) + 1}/${children.length}`;
}

document.addEventListener("change", (event) => event.target.matches("[data-preview-tab]") && showPreviews(document));
document.addEventListener("scroll", countPictures, { capture: true, passive: true });
showPreviews(document);
