// Sends files one request each, a few at a time, in the order they came.
const PARALLEL = 2;

/** Runs jobs (functions that return promises), PARALLEL at a time, first come first served; `onIdle` after the last. */
export class UploadQueue {
  #waiting = [];
  #running = 0;
  #onIdle;

  constructor(onIdle) {
    this.#onIdle = onIdle;
  }

  add(job) {
    this.#waiting.push(job);
    this.#next();
  }

  get idle() {
    return !this.#running && !this.#waiting.length;
  }

  async #next() {
    if (this.#running >= PARALLEL || !this.#waiting.length) return;
    this.#running += 1;
    try {
      await this.#waiting.shift()();
    } finally {
      this.#running -= 1;
      if (this.idle) this.#onIdle();
      this.#next();
    }
  }
}

/**
 * POST one file as the form would, the way htmx asks for the fragment `target`.
 * Resolves to { status, html }; rejects when the connection breaks or `signal` aborts. `onProgress` gets 0-1.
 */
export function sendFile({ form, field, file, target, onProgress, signal }) {
  const body = new FormData();
  body.set(field, file, file.name);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", form.action);
  const headers = {
    "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
    "HX-Request": "true",
    "HX-Target": target,
    "HX-Current-URL": location.href,
    Accept: "text/html",
  };
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
  signal.addEventListener("abort", () => xhr.abort());
  return new Promise((resolve, reject) => {
    xhr.addEventListener("load", () => resolve({ status: xhr.status, html: xhr.responseText, url: xhr.responseURL }));
    for (const name of ["error", "timeout", "abort"]) xhr.addEventListener(name, () => reject(new Error(name)));
    xhr.send(body);
  });
}

/** SHA-256 of the file as hex, or its name, size and date where the browser offers no digest (plain http). */
export async function fileKey(file) {
  if (!globalThis.crypto?.subtle) return `${file.name}:${file.size}:${file.lastModified}`;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
