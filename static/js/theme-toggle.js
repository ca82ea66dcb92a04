// The light and dark switch: remembers the choice; without one, the system decides.
import { find } from "./dom.js";

const system = matchMedia("(prefers-color-scheme: dark)");

export function startThemeToggle(root) {
  for (const button of find(root, "[data-theme-toggle]")) {
    button.hidden = false;
    button.onclick = toggle;
  }
}

function toggle() {
  const html = document.documentElement;
  const dark = html.dataset.theme ? html.dataset.theme === "dark" : system.matches;
  const next = dark ? "light" : "dark";
  html.dataset.theme = next;
  try {
    if ((next === "dark") === system.matches) localStorage.removeItem("theme");
    else localStorage.setItem("theme", next);
  } catch {
    // Storage is off: the choice lasts for this page.
  }
}
