// Applies the appearance chosen on this device before the page is drawn, and runs its switch in the footer.
(function () {
  "use strict";
  var KEY = "sk-theme";
  var CHOICES = ["", "light", "dark"];
  var WORDS = { "": "comme mon appareil", light: "claire", dark: "sombre" };

  function chosen() {
    try { return CHOICES.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : ""; }
    catch (error) { return ""; }
  }

  function keep(theme) {
    try { localStorage.setItem(KEY, theme); } catch (error) { /* private window: the choice lasts one page */ }
  }

  function apply(theme) {
    var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.setAttribute("data-bs-theme", theme || (dark ? "dark" : "light"));
  }

  apply(chosen());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { apply(chosen()); });

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector("[data-theme-switch]");
    if (!button) { return; }
    var theme = chosen();
    function show() { button.textContent = "Apparence\u00a0: " + WORDS[theme]; }
    button.hidden = false;
    show();
    button.addEventListener("click", function () {
      theme = CHOICES[(CHOICES.indexOf(theme) + 1) % CHOICES.length];
      keep(theme);
      apply(theme);
      show();
    });
  });
})();
