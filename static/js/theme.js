// Sets the chosen theme before anything is painted. Loaded as a plain blocking script in <head>.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is off: the system's theme applies.
  }
})();
