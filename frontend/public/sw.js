// The worker of the installed app: shows pushes, and a page that says so when nobody answers.
// It keeps the app's own files alone. Prices, bids and times are never kept: what the house has
// not said just now is not shown.

const CACHE = "app-BUILD"; // vite.config.ts names the build here
const OFFLINE = "/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
});

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const shown = self.registration.showNotification(told.title ?? "BidBazaar", {
    body: told.body,
    tag: told.tag, // a newer one of the same takes its place
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    data: { url: told.url },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/notifications", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(show(url.href));
});

/** Go to a page: in a window that is open, else in a new one. */
async function show(href) {
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return self.clients.openWindow(href);
  await open.navigate(href);
  return open.focus();
}

/** Keep the page for when nobody answers, with the files it starts from. */
async function keepShell() {
  const cache = await caches.open(CACHE);
  const answer = await fetch(OFFLINE, { cache: "no-store" });
  if (!answer.ok) throw new Error("the house has no page to keep"); // the next visit tries again
  const html = await answer.clone().text();
  const files = html.match(/\/(?:assets\/|icon)[^"\s]+/g) ?? []; // also those the page asks for later
  await Promise.all([cache.put(OFFLINE, answer), cache.addAll([...new Set(files)])]);
}

/** Of older builds keep the newest alone: a page of it may be open, and still ask for its parts. */
async function forgetOthers() {
  const others = (await caches.keys()).filter((name) => name !== CACHE); // the oldest first
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(OFFLINE)) ?? Response.error();
  }
}

/** Files whose names change with their content: once fetched, good for ever. */
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}
