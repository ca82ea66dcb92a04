// A video on its way to the server: how far it is, a button to stop it, what was wrong with it, the field emptied after.

/** Show the upload of the form's video while it runs. */
export function followUpload(form) {
  const [button, stop] = [form.querySelector("[data-upload]"), form.querySelector("[data-upload-stop]")];
  const [bar, words] = [form.querySelector("[data-upload-bar]"), form.querySelector("[data-upload-words]")];
  const file = form.querySelector("input[type=file][name=video]");
  if (!button || !stop || !bar || !words || !file) return;
  const count = () => form.querySelectorAll("[name=media]").length;
  let [before, request] = [0, null];

  const say = (text) => {
    words.textContent = text;
  };
  const end = (text) => {
    request = null;
    bar.hidden = stop.hidden = true;
    say(text);
  };
  stop.addEventListener("click", () => {
    request?.abort();
    end("Stopped. Nothing was added.");
  });
  file.addEventListener("change", () => say(""));
  form.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.elt !== button) return;
    [before, request] = [count(), event.detail.xhr];
    bar.value = 0;
    bar.hidden = stop.hidden = !file.files.length;
    say(file.files.length ? "Uploading …" : "");
  });
  form.addEventListener("htmx:xhr:progress", (event) => {
    if (event.detail.elt !== button || !request || !event.detail.lengthComputable) return;
    const share = Math.floor((100 * event.detail.loaded) / event.detail.total);
    bar.value = share;
    say(share < 100 ? `Uploading, ${share} %` : "It is there. Looking through it …");
  });
  form.addEventListener("htmx:sendError", (event) => event.detail.elt === button && end("The connection broke. Try again."));
  form.addEventListener("htmx:afterSettle", (event) => {
    if (!request || event.detail.xhr !== request) return;
    if (count() > before) {
      file.value = "";
      file.closest("details").open = false;
      end("");
    } else {
      end(form.querySelector("#post-side [role=alert] p:not(.alert__title)")?.textContent ?? "");
    }
  });
}
