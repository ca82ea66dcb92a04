// <details data-menu>: one open at a time, closed by Escape, a click elsewhere or a choice; arrow keys walk the items.
export function startMenus() {
  document.addEventListener("toggle", onToggle, { capture: true });
  document.addEventListener("click", (event) => {
    const inside = event.target.closest("[data-menu]");
    closeAllBut(event.target.closest(".menu__items :is(a, button)") ? null : inside);
  });
  document.addEventListener("keydown", onKey);
}

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== kept) menu.open = false;
}

function onToggle(event) {
  const menu = event.target;
  if (!menu.matches?.("[data-menu]") || !menu.open) return;
  closeAllBut(menu);
  const items = menu.querySelector(".menu__items");
  const button = menu.getBoundingClientRect();
  menu.classList.toggle("menu--up", button.bottom + items.offsetHeight + 80 > innerHeight && button.top > items.offsetHeight);
  menu.classList.toggle("menu--start", button.right < items.offsetWidth + 8);
}

function onKey(event) {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu) return;
  const summary = menu.querySelector("summary");
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    summary.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(".menu__items :is(a, button)")];
  const at = items.indexOf(document.activeElement);
  items.at(at < 0 && step < 0 ? -1 : (at + step) % items.length)?.focus();
}
