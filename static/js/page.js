// On every page: focus goes to the error summary or the flash, links of the summary reach their field,
// a form is sent once, and the panel that an address names is opened.
(function () {
  "use strict";

  function focusOn(element) {
    if (!element) { return; }
    if (!element.matches("a, button, input, select, textarea, summary, [tabindex]")) { element.tabIndex = -1; }
    element.focus();
  }

  function openAround(element) {
    for (var box = element; box; box = box.parentElement) {
      if (box.tagName === "DETAILS") { box.open = true; }
    }
  }

  function reach(id) {
    var target = id && document.getElementById(id);
    if (!target) { return; }
    openAround(target);
    if (target.matches("input, select, textarea")) { focusOn(target); target.scrollIntoView({ block: "center" }); }
  }

  function sendOnce(event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  }

  focusOn(document.querySelector(".sk-errors") || document.querySelector(".sk-flash[data-fresh]"));
  document.querySelectorAll(".sk-errors a[href^='#']").forEach(function (link) {
    link.addEventListener("click", function (event) { event.preventDefault(); reach(link.hash.slice(1)); });
  });
  reach(decodeURIComponent(location.hash.slice(1)));
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
})();
