// Says in words what went wrong with an htmx request, and what to do; says once when the connection is lost and back.
import { leave, toast } from "./toasts.js";

const SENTENCES = {
  401: "You have been logged out. Reload the page and log in again.",
  403: "This was not allowed. Reload the page and try again; if it stays so, ask an owner of the workspace.",
  404: "This is no longer here. Reload the page to see what is.",
  409: "This has changed meanwhile. Reload the page to see how it is now.",
  413: "This file is too large. Choose a smaller one.",
  429: "That was too much at once. Wait a minute and try again.",
};
const SERVER = "Something went wrong on our side. Try again in a moment; your photos and portraits are safe.";
const OFFLINE = "No connection to Inflio. Check your network; this page goes on by itself when it is back.";
let offline = null;

export function startNetworkNotices() {
  document.addEventListener("htmx:responseError", (event) => toast(sentenceFor(event.detail.xhr.status), "bad"));
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      offline ??= toast(OFFLINE, "bad");
    });
  }
  document.addEventListener("htmx:afterOnLoad", () => {
    if (!offline) return;
    leave(offline);
    offline = null;
    toast("Connected again.", "good");
  });
  document.addEventListener("htmx:beforeSwap", reloadWhenSentElsewhere);
}

/** One sentence for an HTTP status that the server gave no sentence for. */
export function sentenceFor(status) {
  return SENTENCES[status] ?? (status >= 500 ? SERVER : "That did not work. Reload the page and try again.");
}

// A fragment's request that was redirected to a whole page (the log-in) must not be put into the middle of this one.
function reloadWhenSentElsewhere(event) {
  const { xhr, requestConfig, boosted } = event.detail;
  if (boosted || !xhr.responseURL) return;
  const elsewhere = new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname;
  if (!elsewhere || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  location.reload();
}
