// Between two polls: the time left counts down, and a bar that was replaced moves on from where it stood.
import { find } from "./dom.js";

const deadlines = new WeakMap();
const shown = new Map();

export function startProgress(root) {
  for (const box of find(root, "[data-progress]")) {
    if (box.dataset.secondsLeft && !deadlines.has(box)) {
      deadlines.set(box, performance.now() + Number(box.dataset.secondsLeft) * 1000);
    }
    moveOn(box);
  }
}

function moveOn(box) {
  const key = box.closest("[id]")?.id;
  const bar = box.querySelector("progress");
  if (!key || !bar?.hasAttribute("value")) return;
  const target = bar.value;
  const before = shown.get(key) ?? target;
  shown.set(key, target);
  if (before >= target) return;
  bar.value = before;
  bar.getBoundingClientRect(); // the start has to be painted for the transition to run from it
  bar.value = target;
}

/** "about 12 s", as the server writes it (ui.py, filter `seconds`). */
export function spoken(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 90 ? `about ${whole} s` : `about ${Math.round(whole / 60)} min`;
}

setInterval(() => {
  for (const box of document.querySelectorAll("[data-progress][data-seconds-left]")) {
    const words = box.querySelector("[data-time-left]");
    const left = (deadlines.get(box) - performance.now()) / 1000;
    if (words && !Number.isNaN(left)) words.textContent = left > 0.5 ? `${spoken(left)} left` : "almost there";
  }
}, 1000);
