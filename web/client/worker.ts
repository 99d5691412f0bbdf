/**
 * Stands between the browser and the hub for one thing only: a page that is asked for while the hub
 * can't be reached is answered by our own words, not the browser's. It keeps nothing else.
 */
export {};

declare const self: ServiceWorkerGlobalScope;
declare const BUILD: string;

const KEPT = `atrium-${BUILD}`;
const OFFLINE = "/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  // A download is the browser's own business, with its progress and its parts.
  if (event.request.mode === "navigate" && !pathname.startsWith("/files/")) event.respondWith(navigated(event.request));
  else if (pathname.startsWith("/static/")) event.respondWith(built(event.request));
});

async function navigated(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function built(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** The page, and what it is drawn with. */
async function keep(): Promise<void> {
  const cache = await caches.open(KEPT);
  const page = await fetch(OFFLINE, { credentials: "omit" });
  const drawnWith = (await page.clone().text()).match(/\/static\/[\w-]+\.(css|svg)/g) ?? [];
  await Promise.all([cache.put(OFFLINE, page), cache.addAll([...new Set(drawnWith)])]);
}

async function dropOlder(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name.startsWith("atrium-") && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
}
