// <details data-menu>: one open at a time, closed by Escape, a click elsewhere or a choice; arrow keys walk the items.
const DOUBLE_CLICK = 500; // ms
const SAME_PLACE = 24; // px, a finger's wobble

let choice = null;

export function startMenus() {
  document.addEventListener("click", dropSecondClick, { capture: true });
  document.addEventListener("toggle", onToggle, { capture: true });
  document.addEventListener("click", (event) => {
    const inside = event.target.closest("[data-menu]");
    closeAllBut(event.target.closest(".menu__items :is(a, button)") ? null : inside);
  });
  document.addEventListener("keydown", onKey);
}

// The choice closes the menu; the second half of a double click would hit whatever lies beneath it.
function dropSecondClick(event) {
  const { clientX: x, clientY: y, timeStamp: at } = event;
  const byPointer = event.detail > 0; // 0: the keyboard or a script
  if (byPointer && choice && at - choice.at < DOUBLE_CLICK && Math.hypot(x - choice.x, y - choice.y) < SAME_PLACE) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (byPointer && event.target.closest?.(".menu__items :is(a, button)")) {
    choice = { x, y, at };
  }
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
