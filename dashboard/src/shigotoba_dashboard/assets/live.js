// The page's language, and when it asks the server. Everything else is drawn by the server.
(function () {
  "use strict";

  const language = new URLSearchParams(window.location.search).get("lang");
  document.documentElement.lang = language === "en" ? "en" : "ja";

  // A question without an answer is given up after so many beats, and asked anew.
  const PATIENCE_BEATS = 5;
  // A page that was not answered for so many beats says so.
  const LOST_BEATS = 8;

  function last_answered(seen) {
    return seen && seen.answered !== undefined ? seen.answered : null;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    shigotoba: {
      next_question: function (beat, asked, seen) {
        const now = beat || 0;
        const waiting = asked !== undefined && asked !== null && asked !== last_answered(seen);
        return waiting && now - asked < PATIENCE_BEATS ? window.dash_clientside.no_update : now;
      },
      is_answered: function (beat, seen) {
        return (beat || 0) - (last_answered(seen) || 0) < LOST_BEATS;
      },
    },
  });
})();
