// Selecting pictures: tick, long press, shift-click ranges, keys; the action bar follows what is selected.
import { find } from "./dom.js";

const LONG_PRESS_MS = 450;
const PICK = ".shot__pick";
let last = null; // where a range begins
let pressed = null; // timer of a long press
let swallow = false; // the click that ends a long press does nothing else

const picks = () => [...document.querySelectorAll(PICK)];
const ticked = () => picks().filter((pick) => pick.checked);
const bar = () => document.querySelector("[data-bulk]");
const everything = () => Number(document.querySelector("[data-bulk-all]")?.dataset.bulkAll ?? 0);

function startSelecting(root) {
  for (const form of find(root, "[data-bulk]")) {
    form.querySelector("[data-bulk-sure]").value = "1"; // our dialog asks, so the server need not
    for (const button of form.querySelectorAll("[data-bulk-clear], [data-bulk-everything]")) button.hidden = false;
    form.dataset.everything = form.querySelector("#select-all").outerHTML;
  }
  update();
}

/** Make the bar and the page say what is selected. */
function update() {
  const form = bar();
  if (!form) return;
  const count = everything() || ticked().length;
  const words = count === 1 ? "1 picture" : `${count} pictures`;
  form.hidden = count === 0;
  document.querySelector("[data-gallery]").classList.toggle("is-selecting", count > 0);
  form.querySelector("[data-bulk-count]").textContent = `${count} selected`;
  const more = form.querySelector("[data-bulk-everything]");
  if (more) more.hidden = !document.getElementById("more-items");
  const files = count === 1 ? "its file" : "their files";
  form.querySelector("[data-bulk-delete]").dataset.confirm = `Delete ${words} with ${files}? This cannot be undone.`;
}

function clear() {
  for (const pick of ticked()) pick.checked = false;
  takeBackEverything();
  last = null;
  update();
}

/** "All that match" holds only as long as nothing is ticked or unticked by hand. */
function takeBackEverything() {
  if (!everything()) return;
  document.getElementById("select-all").outerHTML = bar().dataset.everything;
  window.htmx.process(document.getElementById("select-all"));
}

function toggle(pick, range) {
  const all = picks();
  const [from, to] = [all.indexOf(last), all.indexOf(pick)].sort((a, b) => a - b);
  if (range && from >= 0) for (const other of all.slice(from, to + 1)) other.checked = pick.checked;
  last = pick;
  takeBackEverything();
  update();
}

function onClick(event) {
  const shot = event.target.closest("[data-shot]");
  if (event.target.closest("[data-bulk-clear]")) clear();
  if (!shot) return;
  const pick = shot.querySelector(PICK);
  if (swallow) {
    swallow = false;
    event.preventDefault();
  } else if (event.target === pick) {
    toggle(pick, event.shiftKey);
  } else if (pick && event.target.closest(".shot__link") && (ticked().length || event.shiftKey)) {
    event.preventDefault();
    pick.checked = event.shiftKey || !pick.checked;
    toggle(pick, event.shiftKey);
  }
}

function onPress(event) {
  const pick = event.target.closest?.("[data-shot]")?.querySelector(PICK);
  if (!pick || event.pointerType === "mouse" || event.target === pick) return;
  pressed = setTimeout(() => {
    swallow = true;
    pick.checked = !pick.checked;
    navigator.vibrate?.(15);
    toggle(pick, false);
  }, LONG_PRESS_MS);
}

function onRelease(event) {
  clearTimeout(pressed);
  if (event.type === "pointercancel" || event.type === "pointermove") return;
  setTimeout(() => (swallow = false), 60); // when no click follows
}

function onKey(event) {
  const typing = event.target.matches?.("input:not([type=checkbox]), textarea, select");
  if (typing || document.querySelector("dialog[open]") || !bar()) return;
  const pick = event.target.closest?.("[data-shot]")?.querySelector(PICK);
  if (event.key === "Escape" && !bar().hidden) clear();
  else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && (pick || !bar().hidden)) {
    event.preventDefault();
    for (const one of picks()) one.checked = true;
    update();
  } else if (event.key.toLowerCase() === "x" && pick && !event.ctrlKey && !event.metaKey) {
    pick.checked = !pick.checked;
    toggle(pick, event.shiftKey);
  }
}

/** htmx knows the pressed button only when it lies inside the form; those of the dialogs do not. */
function nameAction(event) {
  const button = event.detail.triggeringEvent?.submitter;
  if (event.target === bar() && button?.name) event.detail.parameters[button.name] = button.value;
}

function onDone(event) {
  if (event.target !== bar() || !event.detail.successful) return;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  if (!document.querySelector("[data-shot]")) location.reload(); // the next ones, or the empty page
  else clear();
}

document.addEventListener("click", onClick);
document.addEventListener("pointerdown", onPress);
for (const name of ["pointerup", "pointercancel", "pointermove"]) document.addEventListener(name, onRelease);
document.addEventListener("contextmenu", (event) => {
  if (swallow) event.preventDefault();
});
document.addEventListener("keydown", onKey);
document.addEventListener("htmx:configRequest", nameAction);
document.addEventListener("htmx:afterRequest", onDone);
document.addEventListener("htmx:afterSettle", update);
document.addEventListener("htmx:load", (event) => startSelecting(event.detail.elt));
startSelecting(document);
