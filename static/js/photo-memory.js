// The browser's judgements by photo, kept for this tab: a reload before the server's own must not lose them.
const STORE = "photo-judgements";
const judgements = new Map(read());

/** The judgement of the photo with this key, or undefined. */
export function recall(key) {
  return judgements.get(key);
}

/** Keep a judgement (see scorePhoto) under the photo's key. */
export function remember(key, { lighting, clarity, angle, overall, advice }) {
  judgements.set(key, { lighting, clarity, angle, overall, advice });
  try {
    sessionStorage.setItem(STORE, JSON.stringify([...judgements]));
  } catch {
    // Storage is off or full: the judgement shows until the page is left.
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? [];
  } catch {
    return []; // storage is off
  }
}
