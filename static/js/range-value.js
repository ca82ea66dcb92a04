// Writes the value of a slider beside it: <input type="range" data-range-value>.
function show(input, output) {
  output.textContent = Number(input.value).toFixed(2);
}

for (const input of document.querySelectorAll("input[data-range-value]")) {
  const output = document.createElement("output");
  output.className = "range-value";
  output.htmlFor = input.id;
  input.after(output);
  input.addEventListener("input", () => show(input, output));
  show(input, output);
}
