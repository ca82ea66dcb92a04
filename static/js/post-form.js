// The composer: pictures can be dragged into order, the gallery's ticks follow the post, previews are tabs, and no answer
// undoes what was done while it was on its way.
import { find } from "./dom.js";
import { showPreviews } from "./post-tabs.js";
import { followUpload } from "./video-upload.js";

const form = document.querySelector("[data-post-form]");
const opened = new Map(); // by id: which parts the person opened or closed; swaps must not undo it
const ticked = new Set(); // ticks of the gallery that wait to be sent; the answer to something else must not undo them
const touched = new Map(); // by id: when a field was last changed, counted in changes
const asked = new WeakMap(); // by request: how many changes it has sent along
let changes = 0;
let known = 0; // how many changes the answer that is being shown knows of
let dragged = null;
let dirty = false;

/** Tell the server of an order that no field says by itself; the pictures come back with their buttons right. */
function sorted() {
  document.getElementById("post-sorted").dispatchEvent(new CustomEvent("post-sorted"));
}

/** The ticks in the gallery show what is in the post; a portrait that was ticked is there as a picture of the gallery. */
function showTicks() {
  const inside = new Set([...form.querySelectorAll("[name=media]")].map((input) => input.dataset.asset));
  for (const pick of form.querySelectorAll("[data-pick]")) {
    if (!ticked.has(pick.value)) pick.checked = inside.has(pick.dataset.asset);
  }
}

function restore(root) {
  for (const part of find(root, "details[id]")) if (opened.has(part.id)) part.open = opened.get(part.id);
}

/** Part of the form comes anew: what was chosen or written in it after the request was sent stays. */
function keepNewer({ target, fragment }) {
  for (const field of target.querySelectorAll("input:not([type=file]), textarea, select")) {
    const twin = touched.get(field.id) > known && fragment.querySelector(`#${CSS.escape(field.id)}`);
    if (!twin) continue;
    twin.value = field.value;
    if ("checked" in field) twin.checked = field.checked;
  }
}

function onDragStart(event) {
  dragged = event.target.closest?.("[data-tile]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.classList.add("is-dragged");
}

function onDragOver(event) {
  const over = event.target.closest?.("[data-tile]");
  if (!dragged) return;
  event.preventDefault();
  if (!over || over === dragged) return;
  const box = over.getBoundingClientRect();
  over.parentElement.insertBefore(dragged, event.clientY > box.top + box.height / 2 ? over.nextSibling : over);
}

function onDragEnd() {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  dragged = null;
  sorted();
}

if (form) {
  form.addEventListener("dragstart", onDragStart);
  form.addEventListener("dragover", onDragOver);
  form.addEventListener("dragend", onDragEnd);
  form.addEventListener("drop", (event) => dragged && event.preventDefault());
  form.addEventListener("toggle", (event) => event.target.id && opened.set(event.target.id, event.target.open), { capture: true });
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-preview-tab]")) event.stopPropagation();
    else dirty = true;
    if (event.target.id) touched.set(event.target.id, ++changes);
    if (event.target.matches("[data-pick]")) ticked.add(event.target.value);
  }, { capture: true });
  form.addEventListener("submit", () => {
    dirty = false;
    form.elements.turn.value = Date.now();
  });
  followUpload(form);
  // What is saved by a button only must not be lost by leaving.
  addEventListener("beforeunload", (event) => {
    if (dirty && !form.hasAttribute("data-autosaved")) event.preventDefault();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "picks") ticked.clear();
    if (form.contains(event.detail.elt)) event.detail.parameters.turn = Date.now(); // what was sent last counts
  });
  document.addEventListener("htmx:beforeRequest", (event) => asked.set(event.detail.xhr, changes));
  document.addEventListener("htmx:beforeSwap", (event) => (known = asked.get(event.detail.xhr) ?? changes));
  document.addEventListener("htmx:oobBeforeSwap", (event) => keepNewer(event.detail));
  document.addEventListener("htmx:load", (event) => {
    restore(event.detail.elt);
    showTicks();
    showPreviews(form);
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => restore(event.detail.target));
}
