// On paper nothing can be opened: tables that are folded away are printed open, and shut again afterwards.
// Long ones (data-table, see long-tables.js) stay as they are: a thousand rows are for a file. A form stays shut too.
(function () {
  "use strict";

  const SHUT = "#page details.folded:not([open])";
  let opened = [];

  window.addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll(SHUT)].filter((fold) => !fold.querySelector("[data-table], form"));
    for (const fold of opened) fold.open = true;
  });

  window.addEventListener("afterprint", function () {
    for (const fold of opened) fold.open = false;
    opened = [];
  });
})();
