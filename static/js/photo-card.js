// The card of a file that is on its way, and the browser's judgement on a card.
const METERS = ["lighting", "clarity", "angle", "overall"];
const BADGES = {
  waiting: ["Waiting", "tone-plain"],
  sending: ["Sending", "tone-busy"],
  unsent: ["Not sent", "tone-warn"],
  rejected: ["Not used", "tone-bad"],
};

/** A card made from the form's <template>, for `file`; `actions` are { retry, dismiss }. */
export function makeCard(form, file, actions) {
  const card = form.querySelector("[data-photo-template]").content.firstElementChild.cloneNode(true);
  part(card, "name").textContent = file.name;
  part(card, "retry").addEventListener("click", actions.retry);
  part(card, "dismiss").addEventListener("click", actions.dismiss);
  return card;
}

/** Show where the file is: "waiting", "sending", "unsent" (may be tried again) or "rejected", with one sentence. */
export function showState(card, state, sentence = "") {
  const [words, tone] = BADGES[state];
  const busy = state === "waiting" || state === "sending";
  card.dataset.verdict = state;
  card.className = `photo ${tone}`;
  part(card, "badge").textContent = words;
  part(card, "badge").className = `badge badge--dot ${tone}`;
  part(card, "message").textContent = sentence;
  part(card, "message").hidden = !sentence;
  part(card, "progress").hidden = !busy;
  part(card, "judgement").hidden = state === "rejected";
  part(card, "retry").hidden = state !== "unsent";
  part(card, "dismiss-words").textContent = busy ? "Cancel" : "Dismiss";
}

/** Move the upload bar; at 1 the server is looking at the file, so the bar stops saying how far. */
export function showSent(card, share) {
  const bar = part(card, "progress");
  if (share < 1) bar.value = share * 100;
  else bar.removeAttribute("value");
}

/** Show the small picture in place of the neutral sign. */
export function showPreview(card, address) {
  part(card, "preview").src = address;
  part(card, "preview").hidden = false;
  part(card, "none").hidden = true;
}

/** Write the browser's judgement into a card, unless the server's is there. */
export function showJudgement(card, judgement) {
  const place = part(card, "judgement");
  if (!place || place.childElementCount) return;
  const meters = document.createElement("div");
  meters.className = "photo__meters";
  meters.append(...METERS.map((name) => makeMeter(name, judgement[name])));
  const lines = [...judgement.advice, "First look. The server looks again."];
  place.append(meters, ...lines.map(makeLine));
}

function makeMeter(name, value) {
  const label = name[0].toUpperCase() + name.slice(1);
  const meter = document.createElement("div");
  meter.className = `meter tone-${value >= 0.7 ? "good" : value >= 0.45 ? "warn" : "bad"}`;
  const words = Object.assign(document.createElement("span"), { textContent: label });
  const number = Object.assign(document.createElement("span"), { className: "meter__value", textContent: value.toFixed(2) });
  const bar = Object.assign(document.createElement("progress"), { className: "meter__bar", max: 100, value: value * 100 });
  bar.setAttribute("aria-label", label);
  meter.append(words, number, bar);
  return meter;
}

function makeLine(text, index, lines) {
  const last = index === lines.length - 1;
  return Object.assign(document.createElement("p"), { className: last ? "photo__advice faint" : "photo__advice", textContent: text });
}

function part(card, name) {
  return card.querySelector(`[data-photo-${name}]`);
}
