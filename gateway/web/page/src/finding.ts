// A finding as the box tells it, and what people send about one. Reading is tolerant, as in site.ts.

import { ask, askOrKept, send } from './api';
import { count, fields, list, number, oneOf, text, type Fields } from './reading';
import { sha256 } from './site';

export type FindingKind = 'progress' | 'quality' | 'safety';
export const findingKinds: readonly FindingKind[] = ['safety', 'quality', 'progress'];

export type FindingStatus = 'open' | 'answered' | 'put_right' | 'closed';
const findingStatuses: readonly FindingStatus[] = ['open', 'answered', 'put_right', 'closed'];

export type StepAct = 'answer' | 'put_right' | 'send_back' | 'close' | 'set_due';
const stepActs: readonly StepAct[] = ['answer', 'put_right', 'send_back', 'close', 'set_due'];
type AnyAct = StepAct | 'raise';

export interface Finding {
  id: number;
  kind: FindingKind;
  building: string;
  storey: number;
  status: FindingStatus;
  raised: string;
  due: string; // a day; empty: none
  overdue: boolean;
  daysOpen: number;
  photos: string[];
  may: StepAct[];
  newest: number; // the record's number of its last step
}

export interface FindingStep {
  act: AnyAct;
  owner: string;
  said: string;
  due: string;
  ledgerIndex: number | null;
  text: string;
  hasText: boolean;
  photos: string[];
}

export interface WholeFinding extends Finding {
  place: string;
  steps: FindingStep[];
}

const photos = (from: Fields): string[] => list(from['photos'], sha256).filter((name) => name !== '');

function readFinding(value: unknown): Finding {
  const from = fields(value);
  return {
    id: count(from['finding']),
    kind: oneOf(findingKinds, from['kind']) ?? 'quality',
    building: text(from['building']),
    storey: count(from['storey']),
    status: oneOf(findingStatuses, from['status']) ?? 'open',
    raised: text(from['raised']),
    due: text(from['due']),
    overdue: from['overdue'] === true,
    daysOpen: count(from['days_open']),
    photos: photos(from),
    may: list(from['may'], (act) => oneOf(stepActs, act)).filter((act): act is StepAct => act !== null),
    newest: count(from['ledger_index']),
  };
}

function readStep(value: unknown): FindingStep {
  const from = fields(value);
  return {
    act: oneOf<AnyAct>(['raise', ...stepActs], from['act']) ?? 'answer',
    owner: text(from['owner']),
    said: text(from['said']),
    due: text(from['due']),
    ledgerIndex: number(from['ledger_index']),
    text: text(from['text']),
    hasText: text(from['text_sha256']) !== '',
    photos: photos(from),
  };
}

export const getFindings = async (): Promise<Finding[]> =>
  list(fields(await askOrKept('/api/v1/findings'))['findings'], readFinding);

export async function getFinding(id: number): Promise<WholeFinding> {
  const from = await ask(`/api/v1/findings/${id}`);
  return {
    ...readFinding(from),
    place: text(fields(from)['place']),
    steps: list(fields(from)['steps'], readStep),
  };
}

const photoPatience = 120_000; // a large photo over a poor uplink, and vision at work before it

/// The masked photo's name.
export async function bringPhoto(photo: Blob, csrf: string): Promise<string> {
  const headers = { 'Content-Type': 'image/jpeg', 'X-CSRF-Token': csrf };
  const kept = await ask('/api/v1/photos', { method: 'POST', headers, body: photo }, photoPatience);
  return sha256(fields(kept)['sha256']);
}

export interface FindingWords {
  text: string;
  photos: string[];
}

export interface Raising extends FindingWords {
  kind: FindingKind;
  building?: string;
  storey?: number;
  place: string;
}

export interface Doing extends FindingWords {
  act: StepAct;
  due?: string;
}

/// Sent again under the same key it is done once: an answer may be lost on the way.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function tell(path: string, body: unknown, csrf: string, key: string): Promise<number> {
  const request = send('POST', body, csrf);
  const headers = { ...request.headers, 'Idempotency-Key': key };
  return count(fields(await ask(path, { ...request, headers }))['ledger_index']);
}

/// Each gives the number of the record.
export const raise = (what: Raising, csrf: string, key: string): Promise<number> =>
  tell('/api/v1/findings', what, csrf, key);

export const doAbout = (id: number, what: Doing, csrf: string, key: string): Promise<number> =>
  tell(`/api/v1/findings/${id}/steps`, what, csrf, key);
