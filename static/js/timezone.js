// Fills the sign-up form's hidden time zone with the browser's own; the server checks it.
const field = document.querySelector('input[name="time_zone"]');
if (field && !field.value) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
