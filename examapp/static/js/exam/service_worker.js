// Serves the shell and its hashed files when there is no network. Keeps no answer, no paper, no reply of the API.

const VERSION = "__VERSION__";
const ASSETS = "__ASSETS__";
const CACHE = `khaothi-shell-${VERSION}`;
const SHELL = "/thi/";

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    // The shell must be of this version, not one that the HTTP cache still holds.
    await cache.addAll([new Request(SHELL, { cache: "reload" }), ...ASSETS]);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

async function answer(request, key) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(key, { ignoreSearch: key === SHELL });
  return kept ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === SHELL) event.respondWith(answer(request, SHELL));
  else if (ASSETS.includes(url.pathname)) event.respondWith(answer(request, url.pathname));
});
