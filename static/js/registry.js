// Registry: arrows move from row to row, Home and End reach the ends, Space ticks, Enter opens, only while the
// focus is in the table. Adds « tout choisir » and says how many are chosen in [data-chosen] (role="status").
(function () {
  "use strict";

  function enhance(table) {
    var rows = Array.from(table.tBodies[0] ? table.tBodies[0].rows : []);
    var form = table.closest("form") || document;
    var chosen = form.querySelector("[data-chosen]");
    var boxes = Array.from(table.querySelectorAll("tbody input[type=checkbox]"));
    var invitation = chosen && chosen.textContent;
    var all = addSelectAll();

    function opener(row) { return row.querySelector("th a, td a"); }

    function say() {
      var count = boxes.filter(function (box) { return box.checked; }).length;
      if (chosen && count) { chosen.textContent = count + "\u00a0" + (count > 1 ? chosen.dataset.many : chosen.dataset.one); }
      else if (chosen) { chosen.textContent = invitation; }
      if (all) { all.checked = count > 0 && count === boxes.length; all.indeterminate = count > 0 && count < boxes.length; }
    }

    function addSelectAll() {
      var head = table.querySelector("[data-select-all]");
      if (!head || !boxes.length) { return null; }
      var box = document.createElement("input");
      box.type = "checkbox";
      box.className = "form-check-input m-0";
      box.setAttribute("aria-label", "Choisir toutes les lignes de cette page");
      box.addEventListener("change", function () {
        boxes.forEach(function (each) { each.checked = box.checked; });
        say();
      });
      head.replaceChildren(box);
      return box;
    }

    function go(row) {
      var link = row && (opener(row) || row.querySelector("input"));
      if (link) { link.focus(); row.scrollIntoView({ block: "nearest" }); }
    }

    table.addEventListener("keydown", function (event) {
      var row = event.target.closest("tbody tr");
      var at = rows.indexOf(row);
      var box = row && row.querySelector("input[type=checkbox]");
      if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) { return; }
      if (event.key === "ArrowDown") { go(rows[at + 1]); }
      else if (event.key === "ArrowUp") { go(rows[at - 1]); }
      else if (event.key === "Home") { go(rows[0]); }
      else if (event.key === "End") { go(rows[rows.length - 1]); }
      else if (event.key === " " && box && event.target !== box) { box.checked = !box.checked; say(); }
      else if (event.key === "Enter" && event.target === box && opener(row)) { opener(row).click(); }
      else { return; }
      event.preventDefault();
    });
    table.addEventListener("change", say);
    say();
  }

  document.querySelectorAll("table[data-registry]").forEach(enhance);
})();
