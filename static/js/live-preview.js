// A picture while it forms: server-sent events while they come, else the fragment is asked for again and again.
import { find } from "./dom.js";
import { spoken } from "./progress.js";

const POLL_MS = 1500;
const following = new Map(); // address -> what stops following it

/** Follow what every [data-live] element says is being made; called again for each new fragment. */
export function startLive(root) {
  for (const box of find(root, "[data-live]")) {
    stopOthers(box.dataset.live);
    if (!following.has(box.dataset.live)) follow(box.dataset.live);
  }
}

/** Suggestions fill the message field; the conversation shows its end. */
export function startComposer(root) {
  for (const chips of find(root, "[data-suggestions]")) chips.hidden = false;
  for (const turns of find(root, "[data-turns]")) turns.scrollTop = turns.scrollHeight;
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-suggest]");
  if (!chip) return;
  const field = chip.closest("#composer").querySelector("[name=text]");
  field.value = field.value.trim() ? `${field.value.trim()}, ${lowered(chip.dataset.suggest)}` : chip.dataset.suggest;
  field.focus();
});

function lowered(words) {
  return words[0].toLowerCase() + words.slice(1);
}

function follow(address) {
  if (!window.EventSource) return poll(address);
  const source = new EventSource(address);
  following.set(address, () => source.close());
  source.addEventListener("state", (event) => show(address, JSON.parse(event.data)));
  source.addEventListener("end", () => {
    stop(address);
    refresh(address);
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return; // it connects again by itself
    stop(address);
    refresh(address);
    poll(address);
  });
}

function poll(address) {
  const timer = setInterval(() => (boxOf(address) ? refresh(address) : stop(address)), POLL_MS);
  following.set(address, () => clearInterval(timer));
}

function stop(address) {
  following.get(address)?.();
  following.delete(address);
}

function stopOthers(kept) {
  for (const address of [...following.keys()]) if (address !== kept) stop(address);
}

function boxOf(address) {
  return document.querySelector(`[data-live="${CSS.escape(address)}"]`);
}

function refresh(address) {
  const box = boxOf(address);
  if (box) window.htmx.trigger(box, "live-refresh");
}

function show(address, state) {
  const box = boxOf(address);
  if (!box) return stop(address);
  const picture = box.querySelector("[data-live-picture]");
  if (state.preview && picture && picture.getAttribute("src") !== state.preview) {
    picture.src = state.preview;
    picture.hidden = false;
  }
  const bar = box.querySelector("[data-live-progress] progress");
  if (bar) bar.value = state.progress;
  const stage = box.querySelector("[data-live-progress] .progress__stage");
  if (stage && state.stage) stage.textContent = state.stage;
  const left = box.querySelector("[data-live-progress] [data-time-left]");
  if (left && state.seconds !== null) left.textContent = state.seconds > 0.5 ? `${spoken(state.seconds)} left` : "almost there";
}
