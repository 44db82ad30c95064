/* Keeps the pages of an event's door and wall, and what they are made of, for when the venue's network is gone. */
"use strict";

const KEPT = "woshou-door";
const DAYS = 3;
const PAGES = /^\/(events\/\d+\/(door|wall)|w\/[^/]+)$/;
const PATIENCE = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), forgetOld()])));

/* Pages with people's names do not stay longer than the event lasts. */
async function forgetOld() {
  const cache = await caches.open(KEPT);
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const age = Date.now() - Date.parse(kept.headers.get("date") || 0);
    if (PAGES.test(new URL(request.url).pathname) && !(age < DAYS * 86_400_000)) await cache.delete(request);
  }
}

async function keep(address, answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(address, answer.clone());
  return answer;
}

/* The network as long as it answers in time, else what was kept. */
async function page(request, address) {
  const kept = await caches.match(address);
  const asked = fetch(request).then((answer) => keep(address, answer));
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([asked, late]).catch(() => kept);
}

/* Files carry a mark of their content in their address, so what was kept under it is right. */
async function file(request) {
  return (await caches.match(request.url)) || keep(request.url, await fetch(request));
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (PAGES.test(address.pathname)) {
    /* A script of the page wants to know whether there is a network: it is never answered from what was kept. */
    const opened = event.request.mode === "navigate";
    event.respondWith(opened ? page(event.request, address.pathname) : fetch(event.request).then((answer) => keep(address.pathname, answer)));
  }
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

self.addEventListener("message", (event) => {
  const fetched = (event.data.keep || []).map((address) => fetch(address).then((answer) => keep(address, answer)));
  event.waitUntil(Promise.allSettled(fetched).then(() => event.source && event.source.postMessage({ kept: true })));
});
