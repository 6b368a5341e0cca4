// Links and forms inside the house change the address, not the document: what is loaded stays, the page is exchanged.
// A link with a target or a download, and everything outside the house, is the browser's.
(function () {
  "use strict";

  const BASE = "/dashboard/";

  function go_to(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  function is_inner(link) {
    const plain = !link.target && !link.hasAttribute("download") && link.origin === window.location.origin;
    const elsewhere = link.pathname !== window.location.pathname || link.search !== window.location.search;
    return plain && link.pathname.startsWith(BASE) && (elsewhere || !link.hash);
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest && event.target.closest("a[href]");
    const wanted = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !wanted || event.defaultPrevented || !is_inner(link)) return;
    event.preventDefault();
    go_to(link.href);
  });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "get" || !form.action.includes(BASE)) return;
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(form));
    go_to(form.getAttribute("action") + "?" + asked.toString());
  });

  let titled = false;
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.house = {
    // The document's title follows the page; after the first page the focus does too, so that it is spoken.
    follow: function (title) {
      if (!title) return window.dash_clientside.no_update;
      document.title = title;
      if (titled) {
        window.requestAnimationFrame(function () {
          const heading = document.getElementById("title");
          if (heading) heading.focus({ preventScroll: true });
          const part = window.location.hash && document.getElementById(window.location.hash.slice(1));
          if (part) part.scrollIntoView();
        });
      }
      titled = true;
      return window.dash_clientside.no_update;
    },
  };
})();
