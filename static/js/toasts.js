// Short notices: those the server writes into #toasts (also out of band), and those that scripts raise.
const LIFE = { bad: 15_000, warn: 12_000 };
const DEFAULT_LIFE = 7_000;

export function startToasts() {
  const box = document.getElementById("toasts");
  if (!box) return;
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) settle(node);
  }).observe(box, { childList: true });
  for (const node of box.querySelectorAll("[data-toast]")) settle(node);
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-toast-close]");
    if (close) leave(close.closest("[data-toast]"));
  });
}

/** Show `text` in `tone` ("note", "good" or "bad"); the same text is not shown twice at once. Returns the element. */
export function toast(text, tone = "note") {
  const box = document.getElementById("toasts");
  const words = (node) => node.querySelector(".toast__text");
  const shown = [...box.querySelectorAll("[data-toast]")].find((node) => words(node).textContent === text);
  if (shown) return shown;
  const node = document.getElementById(`toast-${tone}`).content.firstElementChild.cloneNode(true);
  words(node).textContent = text;
  box.append(node);
  return node;
}

/** Take a toast away. */
export function leave(node) {
  if (!node?.isConnected) return;
  node.classList.add("is-leaving");
  setTimeout(() => node.remove(), 220);
}

function settle(node) {
  raise(node.parentElement);
  const tone = [...node.classList].find((name) => name.startsWith("tone-"))?.slice(5);
  const wait = () => setTimeout(() => leave(node), LIFE[tone] ?? DEFAULT_LIFE);
  let timer = wait();
  for (const pause of ["pointerenter", "focusin"]) node.addEventListener(pause, () => clearTimeout(timer));
  for (const resume of ["pointerleave", "focusout"]) {
    node.addEventListener(resume, () => {
      clearTimeout(timer);
      timer = wait();
    });
  }
}

// The top layer shows toasts over an open dialog; being shown again puts them above a newer one.
function raise(box) {
  if (!box.showPopover) return;
  box.popover = "manual";
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}
