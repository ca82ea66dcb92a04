// Native <dialog>: opened by data-dialog-open, closed by data-dialog-close, a click beside it, or a form that succeeded.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) openDialog(document.getElementById(opener.dataset.dialogOpen));
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.matches?.("dialog[open]") && isBeside(event.target, event)) event.target.close();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const dialog = event.target.closest?.("dialog[open]");
    if (dialog && event.detail.successful && event.detail.requestConfig.verb !== "get") dialog.close();
  });
  document.addEventListener("htmx:load", (event) => {
    const shown = event.detail.elt.closest?.("dialog[data-dialog-show]") ?? event.detail.elt.querySelector?.("dialog[data-dialog-show]");
    if (shown) openDialog(shown);
  });
}

/** Open a dialog as modal; focus goes to its first field, or to what carries autofocus. */
export function openDialog(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], .dialog__body :is(input:not([type=hidden]), select, textarea)");
  if (first?.offsetParent) first.focus();
}

function isBeside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
