// Skill search: makes a combobox of <input list="…" data-url="/…">; the address answers GET ?q=… with
// JSON [{"label" (or "name"): "…", "detail": "…"}]. Without script or network the input and its datalist remain.
(function () {
  "use strict";
  var DELAY = 200;
  var count = 0;

  function option(item, id) {
    var line = document.createElement("li");
    line.id = id;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.dataset.value = line.textContent = item.label || item.name;
    if (item.detail) {
      var detail = document.createElement("small");
      detail.textContent = item.detail;
      line.append(" ", detail);
    }
    return line;
  }

  function build(input) {
    count += 1;
    var box = document.createElement("div");
    var list = document.createElement("ul");
    var status = document.createElement("p");
    box.className = "sk-combo";
    list.className = "sk-combo__list";
    list.id = "combo-" + count;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Propositions");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    input.before(box);
    box.append(input, list, status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    return { list: list, status: status };
  }

  function enhance(input) {
    var parts = build(input);
    var list = parts.list;
    var current = -1;
    var timer, request;

    function close() {
      list.hidden = true;
      current = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      current = index;
      Array.from(list.children).forEach(function (line, at) {
        line.setAttribute("aria-selected", String(at === index));
        if (at === index) { line.scrollIntoView({ block: "nearest" }); }
      });
      if (index < 0) { input.removeAttribute("aria-activedescendant"); }
      else { input.setAttribute("aria-activedescendant", list.children[index].id); }
    }

    function choose(line) {
      input.value = line.dataset.value;
      close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function show(items) {
      list.replaceChildren.apply(list, items.map(function (item, at) { return option(item, list.id + "-" + at); }));
      current = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!!items.length));
      parts.status.textContent = items.length
        ? items.length + (items.length > 1 ? " propositions" : " proposition")
        : "Aucune proposition, votre mot sera étudié.";
    }

    function ask() {
      if (request) { request.abort(); }
      if (input.value.trim().length < 2) { close(); return; }
      request = new AbortController();
      var url = new URL(input.dataset.url, location.href);
      url.searchParams.set("q", input.value.trim());
      fetch(url, { signal: request.signal, headers: { Accept: "application/json" } })
        .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.json(); })
        .then(function (items) { input.removeAttribute("list"); show(items); })
        .catch(function () { /* the datalist remains */ });
    }

    function onKey(event) {
      var size = list.children.length;
      if (list.hidden || !size) { return; }
      if (event.key === "ArrowDown") { mark((current + 1) % size); }
      else if (event.key === "ArrowUp") { mark((current - 1 + size) % size); }
      else if (event.key === "Enter" && current >= 0) { choose(list.children[current]); }
      else if (event.key === "Escape") { close(); }
      else { return; }
      event.preventDefault();
    }

    input.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, DELAY); });
    input.addEventListener("keydown", onKey);
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", function (event) {
      event.preventDefault();
      var line = event.target.closest("[role=option]");
      if (line) { choose(line); }
    });
  }

  document.querySelectorAll("input[list][data-url]").forEach(enhance);
})();
