// What the box said last, kept on this device for when it is out of reach. Browsers keep it only
// where the connection is trusted (https, loopback).

const shelf = 'jieding-said';
const keptAt = 'Kept-At';

export interface Kept {
  said: unknown;
  /// Milliseconds since the box said it. The device's clock may be wrong, only not set anew
  /// meanwhile; NaN where it was set back.
  age: number;
}

/// `age`: milliseconds since the box said it.
export async function keep(path: string, said: unknown, age = 0): Promise<void> {
  if (!('caches' in window)) return;
  try {
    const headers = { 'Content-Type': 'application/json', [keptAt]: String(Date.now() - age) };
    await (await caches.open(shelf)).put(path, new Response(JSON.stringify(said), { headers }));
  } catch {
    // no room, or not allowed: then there is nothing to show next time
  }
}

export async function kept(path: string): Promise<Kept | null> {
  if (!('caches' in window)) return null;
  try {
    const answer = await (await caches.open(shelf)).match(path);
    if (answer === undefined) return null;
    const age = Date.now() - Number(answer.headers.get(keptAt) ?? NaN);
    return { said: await answer.json(), age: age >= 0 ? age : NaN };
  } catch {
    return null;
  }
}

/// Whoever may not look any more, or has left, leaves nothing behind.
export async function forget(): Promise<void> {
  if (!('caches' in window)) return;
  await caches.delete(shelf).catch(() => false);
}
