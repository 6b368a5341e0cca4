// What makes the pages pleasanter where JavaScript runs. Without it everything still works: forms are forms.

// A form is sent once, however often it is tapped; its key makes a repeat harmless anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", (event) => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  if (event.persisted) location.reload();
});

// A choice that needs no second thought is taken at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-at-once]")) event.target.form.requestSubmit();
});

// The part marked data-live is read again when something changes, and now and then. When it cannot be, it says so.
const live = document.querySelector("[data-live]");
if (live) {
  const notice = document.querySelector("[data-not-live]");
  const busy = () => live.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  const read = async () => {
    if (document.hidden || busy()) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (fresh.innerHTML !== live.innerHTML && !busy()) replace(fresh);
      notice.hidden = true;
    } catch {
      notice.hidden = false;
    }
  };
  const replace = (fresh) => {
    const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...live.querySelectorAll("details[open][id]")].map((each) => each.id);
    live.replaceChildren(...fresh.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus();
  };
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(read, 150);
  };
  setInterval(read, 20000);
  document.addEventListener("visibilitychange", soon);
  addEventListener("online", soon);
  addEventListener("offline", () => (notice.hidden = false));
  if (live.dataset.live) {
    const events = new EventSource(live.dataset.live);
    events.onmessage = soon;
    events.addEventListener("booth", soon);
    events.onerror = () => (notice.hidden = false);
    events.onopen = soon;
  }
}

// Messages to this phone, only after a tap.
const push = document.querySelector("[data-push]");
if (push && "serviceWorker" in navigator && "PushManager" in window) {
  push.hidden = false;
  push.addEventListener("click", async () => {
    const worker = await navigator.serviceWorker.ready;
    const wanted = { userVisibleOnly: true, applicationServerKey: push.dataset.push };
    const told = document.querySelector("[data-push-told]");
    try {
      const subscription = await worker.pushManager.subscribe(wanted);
      const answer = await fetch("/push", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(subscription),
      });
      told.textContent = answer.ok ? push.dataset.done : push.dataset.failed;
    } catch {
      told.textContent = push.dataset.failed;
    }
  });
}

if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/sw.js");
