// The calendar: entries move by mouse, by a long press, and by keys (Space, arrows, Enter); each step is said aloud.
const START_PX = 6;
const LONG_PRESS_MS = 350;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let drag = null; // by pointer: {entry, ghost, x, y, timer, on}
let carried = null; // by keys: {entry, cell}
let swallow = false; // the click that ends a drag opens nothing
let busy = false;

const body = () => document.getElementById("calendar-body");
const view = () => body()?.dataset.calendar;
const cells = () => [...body().querySelectorAll("[data-day]")];
const name = (entry) => entry.querySelector(".entry__title").textContent.trim();

function say(text) {
  document.getElementById("calendar-live").textContent = text;
}

function inWords(cell) {
  const day = new Date(`${cell.dataset.day}T12:00`);
  const words = day.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
  return cell.dataset.hour ? `${words}, ${cell.dataset.hour} h` : words;
}

/** Where an entry would go: a day, in the week view with the hour; the minutes stay. */
function target(entry, cell) {
  const [, time] = entry.dataset.now.split("T");
  const hour = cell.dataset.hour ?? time.slice(0, 2);
  return `${cell.dataset.day}T${hour}:${time.slice(3)}`;
}

function mark(cell) {
  for (const other of body().querySelectorAll(".is-target")) other.classList.remove("is-target");
  cell?.classList.add("is-target");
}

function put(entry, cell) {
  const to = target(entry, cell);
  if (busy || to === entry.dataset.now) {
    say(`${name(entry)} stays where it is.`);
    return;
  }
  busy = true;
  const { post, at } = entry.dataset;
  const values = { at, to, here: body().dataset.here };
  entry.classList.add("is-moving");
  window.htmx.ajax("POST", entry.dataset.movable, { source: entry, target: "#calendar-body", swap: "outerHTML", values }).finally(() => {
    busy = false;
    entry.classList.remove("is-moving");
    const moved = [...body().querySelectorAll(`[data-post="${post}"]`)].find((one) => one.dataset.now === to);
    say(moved ? `${name(moved)} moved to ${inWords(cell)}.` : `${name(entry)} was not moved.`);
    (moved ?? body().querySelector(`[data-post="${post}"][data-at="${at}"]`))?.querySelector("a").focus();
  });
}

// By pointer
function onDown(event) {
  const entry = event.target.closest?.("[data-movable]");
  if (!entry || event.button || busy || carried) return;
  drag = { entry, x: event.clientX, y: event.clientY, touch: event.pointerType !== "mouse", on: false };
  if (drag.touch) drag.timer = setTimeout(() => lift(event.clientX, event.clientY), LONG_PRESS_MS);
}

function lift(x, y) {
  const { entry } = drag;
  drag.on = true;
  drag.ghost = entry.cloneNode(true);
  drag.ghost.classList.add("entry--ghost");
  drag.ghost.style.width = `${entry.offsetWidth}px`;
  document.body.append(drag.ghost);
  entry.classList.add("is-moving");
  navigator.vibrate?.(15);
  follow(x, y);
  say(`${name(entry)} lifted.`);
}

function follow(x, y) {
  drag.ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
  drag.cell = document.elementFromPoint(x, y)?.closest("[data-day]");
  mark(drag.cell);
}

function onMove(event) {
  if (!drag) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > START_PX;
  if (drag.on) follow(event.clientX, event.clientY);
  else if (far && drag.touch) end(); // it scrolls
  else if (far) lift(event.clientX, event.clientY);
}

function end() {
  if (!drag) return null;
  clearTimeout(drag.timer);
  drag.ghost?.remove();
  drag.entry.classList.remove("is-moving");
  mark(null);
  const ended = drag;
  drag = null;
  return ended;
}

function onUp() {
  const ended = end();
  if (!ended?.on) return;
  swallow = true;
  setTimeout(() => (swallow = false), 60);
  if (ended.cell) put(ended.entry, ended.cell);
}

// By keys
function onKey(event) {
  if (event.key === "Escape" && drag) end();
  const entry = event.target.closest?.("[data-movable]");
  if (carried) return carry(event);
  if (!entry || event.key !== " " || busy) return;
  event.preventDefault();
  carried = { entry, cell: entry.closest("[data-day]") };
  entry.classList.add("is-carried");
  mark(carried.cell);
  say(`${name(entry)} picked up, on ${inWords(carried.cell)}. Arrow keys choose where, Enter puts it there.`);
}

function carry(event) {
  const { entry } = carried;
  if (event.key in KEYS) {
    event.preventDefault();
    carried.cell = step(carried.cell, ...KEYS[event.key]) ?? carried.cell;
    mark(carried.cell);
    carried.cell.scrollIntoView({ block: "nearest" });
    say(inWords(carried.cell));
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    const { cell } = carried;
    drop();
    put(entry, cell);
  } else if (event.key === "Escape" || event.key === "Tab") {
    drop();
    say(`${name(entry)} stays where it is.`);
  }
  return undefined;
}

function drop() {
  carried.entry.classList.remove("is-carried");
  carried = null;
  mark(null);
}

/** The cell beside: a day to the side; above and below an hour in the week view, a week in the month, else a day. */
function step(cell, days, rows) {
  const all = cells();
  const vertical = { week: 7, month: 7 }[view()] ?? 1;
  return all[all.indexOf(cell) + days + rows * vertical];
}

/** In a list of days, "Today" also goes there. */
function showToday(event) {
  if (!event.detail.requestConfig?.elt.matches("[data-to-today]")) return;
  const today = body()?.querySelector("li.day--today");
  if (today && matchMedia("(max-width: 64rem)").matches) today.scrollIntoView({ block: "center" });
}

/** On a narrow screen the week begins where the week is. */
function showTodaysColumn() {
  const box = body()?.querySelector(".week-scroll");
  const today = box?.querySelector("thead .day--today");
  if (today) box.scrollLeft = today.offsetLeft - box.querySelector(".week__hour").offsetWidth;
}

showTodaysColumn();
document.addEventListener("htmx:afterSettle", showToday);
document.addEventListener("htmx:afterSettle", (event) => event.detail.elt.id === "calendar-body" && showTodaysColumn());
document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", onKey);
document.addEventListener("touchmove", (event) => drag?.on && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => drag && event.preventDefault());
document.addEventListener(
  "click",
  (event) => {
    if (!swallow) return;
    swallow = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
document.addEventListener("focusout", (event) => {
  if (carried && !carried.entry.contains(event.relatedTarget)) drop();
});
