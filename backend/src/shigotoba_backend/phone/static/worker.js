// Keeps the two pages for when there is no network, and shows messages that are pushed. Never keeps data: what a page
// says about booths is of this moment or it is not shown.
const KEPT = "offline:@@VERSION@@";
const PAGES = ["/offline", "/offline/sent", "@@VERSION@@"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(PAGES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))));
  event.waitUntil(tidy.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.mode === "navigate") {
    const instead = request.method === "GET" ? "/offline" : "/offline/sent";
    event.respondWith(fetch(request).catch(() => caches.match(instead)));
  } else if (new URL(request.url).pathname === "@@VERSION@@") {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json().notification : null;
  if (told) event.waitUntil(self.registration.showNotification(told.title, { body: told.body, tag: told.tag, data: told.navigate }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data || "/"));
});
