// Opens the page when the box is out of reach: the page without anything in it, and its scripts.
// What the box said last is kept by the page itself (src/kept.ts), with its age.

const shelf = 'jieding-page';
/// `/` on the box; a mirror may stand below any path.
const home = new URL(self.registration.scope).pathname;
const page = `${home}index.html`;
const patience = 5_000;

/// Takes the page as the box has it now; what only an older one needed goes.
async function keepPage() {
  const fresh = await fetch(page, { cache: 'no-cache' });
  if (!fresh.ok) return;
  const shelved = await caches.open(shelf);
  const html = await fresh.clone().text();
  const before = await shelved.match(page);
  if (before !== undefined && (await before.text()) === html) return;
  const parts = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((found) => home + found[1]);
  await shelved.addAll(parts);
  await shelved.put(page, fresh);
  for (const request of await shelved.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== page && !parts.includes(pathname)) await shelved.delete(request);
  }
}

async function open(event) {
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then(keepPage).catch(() => undefined));
  const old = await caches.match(page, { cacheName: shelf });
  if (old === undefined) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(old), patience));
  return Promise.race([fresh.catch(() => old), late]);
}

/// Files whose names change with their content.
async function fileOf(request) {
  const shelved = await caches.open(shelf);
  const old = await shelved.match(request);
  if (old !== undefined) return old;
  const fresh = await fetch(request);
  if (fresh.ok) await shelved.put(request, fresh.clone());
  return fresh;
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && (pathname === home || pathname === page)) event.respondWith(open(event));
  else if (pathname.startsWith(`${home}assets/`)) event.respondWith(fileOf(event.request));
});
