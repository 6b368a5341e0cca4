// What makes the pages pleasanter where JavaScript runs. Without it everything still works: forms are forms.

// A form is sent once, however often it is tapped in impatience. After a while it can be sent again, for the way may have
// been broken off without a word; its key makes a repeat harmless.
const AGAIN_AFTER_MS = 5000;
const rest = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
  setTimeout(rest, AGAIN_AFTER_MS, form);
});
addEventListener("pageshow", (event) => {
  for (const form of document.forms) rest(form);
  if (event.persisted) location.reload();
});

// A choice that needs no second thought is taken at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-at-once]")) event.target.form.requestSubmit();
});

// Makes one piece of the page equal to another. What is the same stays the very same element, so that a finger on its
// way, words half typed, the focus and what somebody has opened outlast it. Pieces are one another's when they have the
// same name: an id, a form's address, or data-of. A form's key differs each time and means nothing to a reader.
const nameOf = (piece) => piece.id || piece.getAttribute?.("action") || piece.dataset?.of || piece.nodeName;
const isKey = (piece) => piece.nodeName === "INPUT" && piece.getAttribute("name") === "key";
const become = (piece, fresh) => {
  if (isKey(piece)) return piece;
  if (piece.nodeType === Node.TEXT_NODE && piece.data !== fresh.data) piece.data = fresh.data;
  for (const { name } of [...(piece.attributes ?? [])]) if (name !== "open" && !fresh.hasAttribute(name)) piece.removeAttribute(name);
  for (const { name, value } of fresh.attributes ?? []) if (piece.getAttribute(name) !== value) piece.setAttribute(name, value);
  const left = [...piece.childNodes];
  const wanted = [...fresh.childNodes].map((each) => {
    const at = left.findIndex((one) => one.nodeName === each.nodeName && nameOf(one) === nameOf(each));
    return at < 0 ? each : become(left.splice(at, 1)[0], each);
  });
  for (const each of left) each.remove();
  wanted.forEach((each, at) => piece.childNodes[at] === each || piece.insertBefore(each, piece.childNodes[at] ?? null));
  return piece;
};

// The part marked data-live is read again when something changes, and now and then. When it cannot be, it says so.
// Nothing moves under a finger that is down, nor while a form is on its way.
const live = document.querySelector("[data-live]");
if (live) {
  const notice = document.querySelector("[data-not-live]");
  let touched = false;
  let asked = 0;
  let shown = 0;
  const typing = () => live.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  const busy = () => touched || typing() || live.querySelector("form[data-sent]");
  const read = async () => {
    if (document.hidden || busy()) return;
    const turn = ++asked;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html", "Shigotoba-Asked-By": "page" } });
      // Led elsewhere: the session has ended, and the page itself says where to sign in.
      if (answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      // Answers may overtake each other: what is older than what is shown comes too late.
      if (turn < shown) return;
      shown = turn;
      // A piece that changes its place loses the focus on the way.
      const focused = document.activeElement;
      if (!busy()) become(live, fresh);
      if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
      notice.hidden = true;
    } catch {
      notice.hidden = false;
    }
  };
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(read, 150);
  };
  setInterval(read, 20000);
  document.addEventListener("pointerdown", () => (touched = true));
  for (const over of ["pointerup", "pointercancel"]) document.addEventListener(over, () => ((touched = false), soon()));
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
