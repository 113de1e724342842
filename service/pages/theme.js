// Light or dark, before the first paint; not a module, since modules come after it.
"use strict";

(() => {
  const KEPT = "quoth.theme";
  const root = document.documentElement;

  function kept() {
    try {
      const theme = localStorage.getItem(KEPT);
      return theme === "light" || theme === "dark" ? theme : "";
    } catch {
      return ""; // storage is off: the system decides
    }
  }

  function show(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  show(kept());
  addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("theme");
    choice.value = kept();
    choice.addEventListener("change", () => {
      show(choice.value);
      try {
        localStorage.setItem(KEPT, choice.value);
      } catch {
        // Then it holds until the page is left.
      }
    });
  });
})();
