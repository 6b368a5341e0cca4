// A form that changes something is sent without leaving the page. Refused: what was typed stays, and the reason stands
// beside the button. Done: the page is drawn anew and says what was done.
(function () {
  "use strict";

  const CHANGES = "/dashboard/changes/";

  function tell(text) {
    const place = document.getElementById("said");
    if (place) place.textContent = text;
  }

  function draw_anew(address) {
    if (address) {
      window.history.pushState({}, "", address);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    } else {
      window.dash_clientside.set_props("again", { n_intervals: Date.now() });
    }
  }

  async function send(action, body) {
    try {
      const answer = await fetch(action, { method: "POST", body: body });
      const said = await answer.json();
      return { done: answer.ok, told: said.told || said.detail || String(answer.status), address: said.address };
    } catch (_error) {
      const english = document.documentElement.lang === "en";
      const told = english ? "The server does not answer. Try again." : "サーバーが応答しません。もう一度お試しください。";
      return { done: false, told: told };
    }
  }

  document.addEventListener("submit", async function (event) {
    const form = event.target;
    if (!(form.getAttribute("action") || "").startsWith(CHANGES)) return;
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    const refusal = form.querySelector(".refusal");
    buttons.forEach((button) => (button.disabled = true));
    const result = await send(form.getAttribute("action"), new FormData(form));
    buttons.forEach((button) => (button.disabled = false));
    refusal.textContent = result.done ? "" : result.told;
    tell(result.done ? result.told : "");
    if (result.done) draw_anew(result.address);
  });

  window.shigotoba_changes = { send: send, tell: tell, draw_anew: draw_anew };
})();
