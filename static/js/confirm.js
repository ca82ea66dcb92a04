// Asks before doing: hx-confirm on htmx elements and data-confirm on plain forms, both with our own dialog.
import { openDialog } from "./dialog.js";

export function startConfirm() {
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.detail.elt.dataset, () => event.detail.issueRequest(true));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const given = event.submitter?.dataset.confirm ? event.submitter.dataset : form.dataset;
    if (!given.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(given.confirm, given, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    });
  }, { capture: true });
}

function ask(question, options, proceed) {
  const dialog = document.getElementById("confirm-dialog");
  const yes = dialog.querySelector("[data-confirm-yes]");
  const danger = options.confirmTone === "danger";
  dialog.querySelector("[data-confirm-title]").textContent = options.confirmTitle ?? "Are you sure?";
  dialog.querySelector("[data-confirm-text]").textContent = question;
  yes.textContent = options.confirmAction ?? "Continue";
  yes.classList.toggle("button--danger", danger);
  yes.classList.toggle("button--primary", !danger);
  yes.onclick = () => {
    dialog.close();
    proceed();
  };
  openDialog(dialog);
}
