// The page's language, and its own sign of life. Everything else is drawn by the server.
(function () {
  "use strict";

  const asked = new URLSearchParams(window.location.search).get("lang");
  document.documentElement.lang = asked === "en" ? "en" : "ja";

  // A slow answer is not a lost server: a few beats may pass before the page says that it has stopped.
  const PATIENCE_BEATS = 5;

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    shigotoba: {
      answered: function (beat, seen) {
        return (beat || 0) - ((seen && seen.answered) || 0) < PATIENCE_BEATS;
      },
    },
  });
})();
