// The photo step: files by drop, paste, picker or camera; each judged here at once and sent by itself.
import { find } from "./dom.js";
import { sentenceFor } from "./network.js";
import { makeCard, showJudgement, showPreview, showSent, showState } from "./photo-card.js";
import { recall, remember } from "./photo-memory.js";
import { readPhoto } from "./photo-read.js";
import { fileKey, sendFile, UploadQueue } from "./photo-upload.js";

const BROKEN = "The connection broke before this photo was sent. Check your network and try again.";
const TWICE = "This is the same photo as another one here. Choose a different one.";
const started = new WeakSet();

export function startPhotoDrop(root) {
  for (const form of find(root, "[data-photo-drop]")) {
    if (started.has(form)) continue;
    started.add(form);
    new PhotoDrop(form);
  }
  for (const card of find(root, "[data-photo-key]")) {
    const known = recall(card.dataset.photoKey);
    if (known && card.dataset.verdict === "waiting") showJudgement(card, known);
  }
}

class PhotoDrop {
  #items = new Set(); // those whose card is in the local list
  #queue = new UploadQueue(() => this.#refresh());
  #newest = 0;
  #sent = 0;

  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=file]");
    this.area = form.querySelector("[data-drop-area]");
    this.note = form.querySelector("[data-drop-note]");
    this.list = form.querySelector("[data-photo-local-list]");
    form.classList.add("is-enhanced");
    for (const node of form.querySelectorAll("[data-with-script]")) node.hidden = false;
    this.input.required = false;
    this.#listen();
  }

  get #target() {
    return document.getElementById(this.form.dataset.target);
  }

  #listen() {
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    const over = (on) => this.area.classList.toggle("is-over", on);
    this.#onPage("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    this.#onPage("dragleave", (event) => event.relatedTarget || over(false));
    this.#onPage("drop", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      over(false);
      this.add([...event.dataTransfer.files]);
    });
    this.#onPage("paste", (event) => event.clipboardData.files.length && this.add([...event.clipboardData.files]));
    this.#onPage("inflio:photo", (event) => this.add([event.detail.file]));
    addEventListener("beforeunload", (event) => this.#queue.idle || !this.form.isConnected || event.preventDefault());
  }

  // The form may be swapped away; its listeners on the page go with it.
  #onPage(name, act) {
    const listener = (event) => (this.form.isConnected ? act(event) : document.removeEventListener(name, listener));
    document.addEventListener(name, listener);
  }

  /** Take files in the order given; what is over the limit is named and left out. */
  add(files) {
    const limit = Number(this.form.dataset.limit);
    const taken = this.#target.querySelectorAll("[data-photo-card]").length + this.#pending().length;
    const room = Math.max(0, limit - taken);
    this.note.hidden = files.length <= room;
    if (files.length > room) {
      const left = files.slice(room).map((file) => file.name);
      this.note.textContent = `A persona has at most ${limit} photos. Left out: ${left.slice(0, 3).join(", ")}${left.length > 3 ? ` and ${left.length - 3} more` : ""}. Remove some to add others.`;
    }
    for (const file of files.slice(0, room)) this.#take(file);
  }

  #pending() {
    return [...this.#items].filter((item) => ["waiting", "sending", "unsent"].includes(item.card.dataset.verdict));
  }

  #take(file) {
    const item = { file, abort: new AbortController() };
    item.card = makeCard(this.form, file, { retry: () => this.#enqueue(item), dismiss: () => this.#drop(item) });
    this.#items.add(item);
    this.list.append(item.card);
    this.#enqueue(item);
    item.read = this.#judge(item);
  }

  async #judge(item) {
    const seen = await readPhoto(item.file);
    if (!seen) return;
    item.preview = seen.preview;
    item.judgement = seen.judgement;
    showPreview(item.card, seen.preview);
    showJudgement(item.card, seen.judgement);
    if (item.key) remember(item.key, seen.judgement);
    startPhotoDrop(document);
  }

  #enqueue(item) {
    showState(item.card, "waiting");
    this.#queue.add(() => this.#send(item));
  }

  async #send(item) {
    if (item.abort.signal.aborted) return;
    item.key ??= await fileKey(item.file);
    if (this.#isTwin(item)) {
      showState(item.card, "rejected", TWICE);
      return;
    }
    if (item.judgement) remember(item.key, item.judgement);
    showState(item.card, "sending");
    const number = (this.#sent += 1);
    try {
      const answer = await sendFile({
        form: this.form,
        field: this.input.name,
        file: item.file,
        target: this.form.dataset.target,
        onProgress: (share) => showSent(item.card, share),
        signal: item.abort.signal,
      });
      this.#settle(item, answer, number);
    } catch {
      if (!item.abort.signal.aborted) showState(item.card, "unsent", BROKEN);
    }
  }

  #isTwin(item) {
    const here = [...this.#items].filter((other) => other !== item && other.card.dataset.verdict !== "rejected");
    return here.some((other) => other.key === item.key) || Boolean(this.#target.querySelector(`[data-photo-key="${CSS.escape(item.key)}"]`));
  }

  // The answer is the fragment with all photos, or a refusal: a card marked data-photo-refused, or only a toast.
  #settle(item, { status, html }, number) {
    if (status !== 422 && (status < 200 || status >= 300)) {
      showState(item.card, status >= 500 ? "unsent" : "rejected", sentenceFor(status));
      return;
    }
    const answer = document.createElement("template");
    answer.innerHTML = html;
    const refused = answer.content.querySelector("[data-photo-refused] .photo__message, [data-toast].tone-bad .toast__text");
    for (const node of answer.content.querySelectorAll("[data-photo-refused], #toasts")) node.remove();
    const fragment = answer.content.getElementById(this.form.dataset.target);
    if (refused) showState(item.card, "rejected", refused.textContent.trim());
    else if (fragment) this.#drop(item);
    else showState(item.card, "unsent", sentenceFor(0));
    if (!fragment || number < this.#newest) return;
    this.#newest = number;
    this.#swap(answer.innerHTML);
  }

  #swap(html) {
    window.htmx.swap(this.#target, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  }

  // Answers may overtake each other; what is on the page when all are in is asked for once more.
  #refresh() {
    if (this.#sent > 1) window.htmx.ajax("GET", location.href, { target: `#${this.form.dataset.target}`, swap: "outerHTML" });
  }

  #drop(item) {
    item.abort.abort();
    item.card.remove();
    this.#items.delete(item);
    item.read?.then(() => item.preview && URL.revokeObjectURL(item.preview));
  }
}
