// Forms: a plain form that is being sent cannot be sent twice; passwords can be shown.
import { find } from "./dom.js";

export function startForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || isHtmx(event.target)) return;
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") event.preventDefault();
    else button?.setAttribute("aria-busy", "true");
  });
  // Coming back by the browser's history shows the page as it was left: buttons must work again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll('.button[aria-busy="true"]')) button.removeAttribute("aria-busy");
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const input = document.getElementById(button.dataset.reveal);
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
  });
}

/** Show the buttons that only work with scripts. */
export function showReveals(root) {
  for (const button of find(root, "[data-reveal]")) button.hidden = false;
}

function isHtmx(form) {
  return form.matches("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete], [data-photo-drop], [data-download]") || form.closest("[hx-boost=true]");
}
