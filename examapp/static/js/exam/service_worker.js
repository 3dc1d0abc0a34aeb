// Serves the shell and its hashed files when there is no network. Keeps no answer, no paper, no reply of the API.

const VERSION = "__VERSION__";
const ASSETS = "__ASSETS__";
const CACHE = `khaothi-shell-${VERSION}`;
const SHELL = "/thi/";
/** A cable that is out answers at once; a line that swallows packets must not hold up the first question. */
const SHELL_WAIT_MS = 600;

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

async function asset(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/** The server's shell when it comes in time (its language may have changed), else the kept one. */
async function shell(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SHELL, { ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(SHELL_WAIT_MS) });
    if (!fresh.ok || fresh.redirected) return kept;
    const text = await fresh.clone().text();
    // Only a shell whose files are all here may replace the kept one.
    if (text.includes(ASSETS[0]) && text.includes(ASSETS[1])) await cache.put(SHELL, fresh.clone());
    return fresh;
  } catch {
    return kept;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === SHELL) event.respondWith(shell(request));
  else if (ASSETS.includes(url.pathname)) event.respondWith(asset(request, url.pathname));
});
