// A chart comes as data (the attribute data-figure, see parts.py) and is drawn when it comes into view; those further
// down are drawn one by one when the browser has nothing else to do. The chart library is fetched with the first one, or
// while a page is awaited of which the house says that it draws charts.
(function () {
  "use strict";

  // The charts are bars and lines: the basic bundle draws them, in a quarter of the bytes.
  const PLOTLY = "/dashboard/assets/plotly/plotly-basic.min.js";
  const CONFIG = { displayModeBar: false, responsive: true };
  // A chart this near will be seen in a moment.
  const NEAR = "150px";
  const IDLE_AT_MOST_MS = 3000;

  const when_idle = window.requestIdleCallback || ((work) => window.setTimeout(work, 200));
  const drawn = new Map();
  let library = null;

  function fetch_library() {
    library =
      library ||
      new Promise(function (resolve) {
        const script = document.createElement("script");
        script.src = PLOTLY;
        script.onload = () => resolve(window.Plotly);
        // Sentence and table stand there without it; the next chart tries again.
        script.onerror = function () {
          library = null;
          resolve(null);
        };
        document.head.append(script);
      });
    return library;
  }

  // Until the answer is there the browser has nothing else to do.
  function awaits_charts() {
    const waiting = document.getElementById("waiting");
    if (!waiting || waiting.hidden) return false;
    const page = window.location.pathname.replace("/dashboard/", "");
    return waiting.dataset.charted.split(" ").includes(page);
  }

  function is_due(place) {
    return place.isConnected && drawn.get(place) !== place.dataset.figure;
  }

  function draw(place, plotly) {
    if (!plotly || !is_due(place)) return;
    drawn.set(place, place.dataset.figure);
    const figure = JSON.parse(place.dataset.figure);
    plotly.react(place, figure.data, figure.layout, CONFIG);
  }

  const sight = new IntersectionObserver(
    function (entries) {
      const near = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
      if (near.length) fetch_library().then((plotly) => near.forEach((place) => draw(place, plotly)));
    },
    { rootMargin: NEAR },
  );

  function every_due() {
    return [...document.querySelectorAll("[data-figure]")].filter(is_due);
  }

  let resting = false;
  function draw_the_rest() {
    if (resting || !every_due().length) return;
    resting = true;
    when_idle(
      async function () {
        const plotly = await fetch_library();
        resting = false;
        if (!plotly) return;
        every_due().slice(0, 1).forEach((place) => draw(place, plotly));
        draw_the_rest();
      },
      { timeout: IDLE_AT_MOST_MS },
    );
  }

  function forget_those_gone() {
    for (const place of drawn.keys()) {
      if (place.isConnected) continue;
      drawn.delete(place);
      sight.unobserve(place);
      window.Plotly.purge(place);
    }
  }

  new MutationObserver(function () {
    forget_those_gone();
    for (const place of every_due()) {
      // Observed anew, it says at once whether it is in view.
      sight.unobserve(place);
      sight.observe(place);
    }
    draw_the_rest();
    if (!library && awaits_charts()) when_idle(fetch_library);
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["data-figure", "hidden"] });

  window.addEventListener("beforeprint", function () {
    every_due().forEach((place) => draw(place, window.Plotly));
  });
})();
