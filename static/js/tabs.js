// On a narrow screen tabs scroll sideways: the current one is brought into view.
import { find } from "./dom.js";

export function showCurrentTab(root) {
  for (const tab of find(root, ".tabs [aria-current=page]")) {
    const tabs = tab.closest(".tabs");
    if (tabs.scrollWidth > tabs.clientWidth) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }
}
