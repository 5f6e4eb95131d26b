// The box's HTTP interface. A refusal carries the status; no answer at all is `Unreachable`.

import { keep, kept } from './kept';
import { addressOf, mirrorAge, onMirror, serverNow } from './mirror';
import {
  readHistory,
  readKept,
  readRecorded,
  readRefusal,
  readSession,
  readSite,
  type History,
  type PersonAct,
  type Recorded,
  type Refusal,
  type Session,
  type Site,
} from './site';

export class Refused extends Error {
  readonly code: string;
  readonly node: string;
  constructor(
    readonly status: number,
    refusal: Refusal,
  ) {
    super(refusal.detail);
    this.code = refusal.code;
    this.node = refusal.node;
  }
}

export class Unreachable extends Error {}

const patience = 10_000;

/// Without an answer for `patient` milliseconds the box counts as out of reach.
async function answered<T>(path: string, init: RequestInit, patient: number, take: (answer: Response) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patient);
  try {
    const answer = await fetch(addressOf(path), {
      credentials: 'same-origin',
      cache: onMirror ? 'no-cache' : 'no-store',
      ...init,
      signal: stop.signal,
    });
    return await take(answer);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

/// Told each time when the box does not know who asks.
const nobody = new EventTarget();

/// Until the function that is given back is called.
export function whenNobody(act: () => void): () => void {
  nobody.addEventListener('nobody', act);
  return () => nobody.removeEventListener('nobody', act);
}

export const ask = (path: string, init: RequestInit = {}, patient = patience): Promise<unknown> =>
  answered(path, init, patient, async (answer) => {
    const body: unknown = await answer.json().catch(() => null);
    if (answer.status === 401) nobody.dispatchEvent(new Event('nobody'));
    if (!answer.ok) throw new Refused(answer.status, readRefusal(body));
    return body;
  });

/// A file as it is, such as a tile of the ledger.
export const askBytes = (path: string): Promise<Uint8Array> =>
  answered(path, {}, patience, async (answer) => {
    if (!answer.ok) throw new Refused(answer.status, readRefusal(null));
    return new Uint8Array(await answer.arrayBuffer());
  });

export const send = (method: string, body: unknown, csrf: string): RequestInit => ({
  method,
  headers: {
    'Content-Type': 'application/json',
    ...(csrf === '' ? {} : { 'X-CSRF-Token': csrf }),
  },
  body: JSON.stringify(body),
});

/// What the box says now; where it is out of reach, what it said last.
export async function askOrKept(path: string): Promise<unknown> {
  try {
    const said = await ask(path);
    void keep(path, said);
    return said;
  } catch (error) {
    const last = error instanceof Unreachable ? await kept(path) : null;
    if (last === null) throw error;
    return last.said;
  }
}

const site = '/api/v1/site';

export interface SiteAnswer {
  site: Site;
  /// Milliseconds since the box said it.
  age: number;
  /// A mirror has not reached the box for too long.
  late: boolean;
}

export async function getSite(): Promise<SiteAnswer> {
  // First, so that the site is not older than it is called.
  const { age, late } = onMirror
    ? await answered('/mirror.json', {}, patience, async (answer) => mirrorAge(await answer.json(), serverNow(answer)))
    : { age: 0, late: false };
  const said = await ask(site);
  void keep(site, said, age);
  return { site: readSite(said), age, late };
}

/// As the box told it last on this device, and how long ago in milliseconds (NaN: not known).
export async function keptSite(): Promise<{ site: Site; age: number } | null> {
  const last = await kept(site);
  return last === null ? null : { site: readSite(last.said), age: last.age };
}

export const getHistory = async (building: string): Promise<History> =>
  readHistory(await askOrKept(`/api/v1/buildings/${encodeURIComponent(building)}/history`));

export const getSession = async (): Promise<Session> => readSession(await ask('/api/v1/session'));

export const signIn = async (token: string): Promise<void> => {
  await ask('/api/v1/session', send('POST', { token }, ''));
};

export const signOut = async (csrf: string): Promise<void> => {
  await ask('/api/v1/session', send('DELETE', {}, csrf));
};

export interface Saying {
  building: string;
  milestone: string;
  storey: number;
  act: PersonAct | 'claim' | 'record';
  comment: string;
  /// Of a claim or a record: when it was reached, and the document that shows it.
  day?: string;
  document_sha256?: string;
}

/// Hands in a document; gives the name under which a record can point to it.
export const handIn = async (document: Blob, csrf: string): Promise<string> =>
  readKept(
    await ask('/api/v1/documents', {
      method: 'POST',
      headers: { 'Content-Type': document.type || 'application/octet-stream', 'X-CSRF-Token': csrf },
      body: document,
    }),
  );

export const say = async (saying: Saying, csrf: string): Promise<Recorded> =>
  readRecorded(await ask('/api/v1/milestones', send('POST', saying, csrf)));

export const documentAddress = (sha256: string): string => `/api/v1/documents/${sha256}`;
export const evidenceAddress = (sha256: string): string => addressOf(`/api/v1/evidence/${sha256}`);

/// A picture at the widths that the box makes, for `sizes` of the screen (first_html.cpp asks alike).
export const evidenceSources = (sha256: string, sizes: string) => {
  const at = (width: number): string => addressOf(`/api/v1/evidence/${sha256}?width=${width}`);
  return { srcset: [320, 640, 960].map((width) => `${at(width)} ${width}w`).join(', '), sizes, src: at(640) };
};
