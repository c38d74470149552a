// Live count of the need form: <form data-recount-url="/…" data-recount-target="#id"> posts its fields at each
// change and puts the answered HTML fragment in the target. The words of [data-announce] inside the fragment
// go to the form's [data-recount-status] (role="status"), once per change. The button « Recompter » works without.
(function () {
  "use strict";
  var DELAY = 400;

  function enhance(form) {
    var target = document.querySelector(form.dataset.recountTarget);
    var status = document.querySelector("[data-recount-status]");
    var timer, request;
    if (!target) { return; }

    function swap(html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      var words = page.querySelector("[data-announce]");
      var focused = target.contains(document.activeElement) && document.activeElement.id;
      target.replaceChildren.apply(target, Array.from(page.body.childNodes));
      if (focused && document.getElementById(focused)) { document.getElementById(focused).focus(); }
      if (status && words && status.textContent !== words.textContent) { status.textContent = words.textContent; }
    }

    function recount() {
      if (request) { request.abort(); }
      request = new AbortController();
      target.setAttribute("aria-busy", "true");
      fetch(form.dataset.recountUrl, {
        method: "POST",
        body: new FormData(form),
        signal: request.signal,
        headers: { "X-Requested-With": "fetch", Accept: "text/html" },
      })
        .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.text(); })
        .then(swap)
        .catch(function () { /* the last count remains, with its time */ })
        .finally(function () { target.removeAttribute("aria-busy"); });
    }

    function later() { clearTimeout(timer); timer = setTimeout(recount, DELAY); }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
  }

  document.querySelectorAll("form[data-recount-url]").forEach(enhance);
})();
