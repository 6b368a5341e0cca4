// A long table comes as data and is written when its fold is opened: a thousand rows nobody looks at cost nothing.
// What the page holds is in the attribute data-table (see parts.py); when that changes, an open table is written anew.
(function () {
  "use strict";

  function cell(kind, text, side) {
    const made = document.createElement(kind);
    made.textContent = text;
    if (side) made.className = side;
    return made;
  }

  function name_of(text, link) {
    const header = cell("th", link ? "" : text);
    header.scope = "row";
    if (link) {
      const anchor = cell("a", text);
      anchor.href = link;
      header.append(anchor);
    }
    return header;
  }

  function written(table) {
    const made = document.createElement("table");
    made.className = "table";
    made.createCaption().textContent = table.caption;
    const head = made.createTHead().insertRow();
    for (const [text, side] of table.columns) {
      head.append(cell("th", text, side));
      head.lastChild.scope = "col";
    }
    const body = made.createTBody();
    table.rows.forEach(function (row, number) {
      const line = body.insertRow();
      if (table.marked.includes(number)) line.className = "marked";
      line.append(name_of(row[0], table.links[number]));
      row.slice(1).forEach((text, place) => line.append(cell("td", text, table.columns[place + 1][1])));
    });
    return made;
  }

  function write_open_ones() {
    for (const place of document.querySelectorAll("details[open] [data-table]:empty")) {
      place.append(written(JSON.parse(place.dataset.table)));
    }
  }

  document.addEventListener("toggle", write_open_ones, true);
  new MutationObserver(function (changes) {
    changes.filter((change) => change.type === "attributes").forEach((change) => change.target.replaceChildren());
    write_open_ones();
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["data-table"] });
})();
