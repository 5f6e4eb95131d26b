// What the box says about the site, and the one place where its JSON becomes values of ours.
// Reading is tolerant: a field that is missing or odd becomes "not known", never a blank page.

import { readPlan, type Plan } from './plan';
import { readForecast, readHouseholds, readPolicy, type Forecast, type Households, type Policy } from './policy';
import { count, fields, list, number, oneOf, text, texts } from './reading';

export type Band = 'background' | 'working' | 'frame' | 'infilled' | 'facade';
export const bands: readonly Band[] = ['background', 'working', 'frame', 'infilled', 'facade'];

export type Stage =
  | 'site_clearing'
  | 'excavation'
  | 'foundation'
  | 'superstructure'
  | 'topped_out'
  | 'facade'
  | 'external_works'
  | 'completed';
export const stages: readonly Stage[] = [
  'site_clearing',
  'excavation',
  'foundation',
  'superstructure',
  'topped_out',
  'facade',
  'external_works',
  'completed',
];

export type Status =
  | 'none'
  | 'candidate'
  | 'corroborated'
  | 'confirmed'
  | 'disputed'
  | 'withdrawn'
  | 'recorded';
const statuses: readonly Status[] = [
  'none',
  'candidate',
  'corroborated',
  'confirmed',
  'disputed',
  'withdrawn',
  'recorded',
];

export type Health = 'ok' | 'warning' | 'failed' | 'silent' | 'unknown';
const healths: readonly Health[] = ['ok', 'warning', 'failed', 'silent', 'unknown'];

export type PersonAct = 'confirm' | 'dispute';

/// What one camera says alone.
export interface CameraWord {
  camera: string;
  storeys: number;
  low: number;
  high: number;
  /// What the figure rests on, by name.
  grounds: Record<string, number>;
}

export interface PublicPictures {
  shown: 'live' | 'delayed' | 'stopped';
  delayHours: number;
}

const readPublicPictures = (value: unknown): PublicPictures => {
  const from = fields(value);
  return {
    shown: oneOf(['live', 'delayed', 'stopped'], from['shown']) ?? 'live',
    delayHours: count(from['delay_hours']),
  };
};

/// A building's picture, the same with the storey ruler (empty: there is none), and when it was taken.
export interface ShownPicture {
  picture: string;
  overlay: string;
  pictureAt: string;
}

export interface Estimate extends ShownPicture {
  at: string;
  storeys: number;
  low: number;
  high: number;
  stage: Stage | null;
  confidence: number | null;
  bands: Band[];
  cameras: CameraWord[];
  camerasDisagree: boolean;
  usable: boolean;
  reasons: string[];
}

export interface Statement {
  act: string;
  owner: string;
  by: string;
  at: string;
  said: string;
  ledgerIndex: number | null;
  evidence: string[];
  hasComment: boolean;
  /// SHA-256; empty: there is none.
  document: string;
  /// Hoists and cranes that contradicted it when it was said.
  contradictedBy: string[];
}

/// A hoist or crane on what it is held against.
export type Says = 'supports' | 'contradicts';

/// How high a hoist stops, or a crane's hook was.
export interface Witness {
  device: string;
  shows: 'floor' | 'hook';
  level: number;
  last: string;
  /// So many storeys are cast at least, at most; null: it does not tell.
  low: number | null;
  high: number | null;
  /// On the estimate.
  says: Says | 'nothing';
}

export interface Milestone {
  kind: string;
  storey: number;
  zh: string;
  en: string;
  status: Status;
  at: string;
  updated: string;
  ledgerIndex: number | null;
  statements: Statement[];
  witnesses: { device: string; says: Says }[];
  may: PersonAct[];
}

export interface Building {
  id: string;
  name: string;
  planned: number;
  /// The contractor's programme; null: nobody wrote it down.
  plan: Plan | null;
  estimate: Estimate | null;
  /// The newest that those who only look may see while pictures are delayed; null: there is none.
  publicPicture: ShownPicture | null;
  witnesses: Witness[];
  /// Of topping-out; null: the box says nothing of it.
  forecast: Forecast | null;
  milestones: Milestone[];
}

/// The project, a phase, a facility: what documents tell is said of them.
export interface Whole {
  id: string;
  kind: 'project' | 'phase' | 'facility';
  name: string;
  milestones: Milestone[];
}

export interface LatestReading {
  quantity: string;
  value: number | null;
  unit: string;
  statistic: string;
  at: string;
}

/// What lasts: a limit that is passed, or a device that says nothing.
export interface Alert {
  kind: 'limit' | 'silence';
  device: string;
  level: 'warning' | 'alarm';
  zh: string;
  en: string;
  /// Of a limit: what was measured, and the limit.
  reading: LatestReading | null;
  minus: string;
  /// What is held against the limit is the change within so many hours; null: the value itself.
  overHours: number | null;
  side: 'above' | 'below';
  limit: number | null;
  /// The part of each day in which the limit holds, by the site's time; empty: always.
  from: string;
  until: string;
  /// Since when; of a silence the last word. Empty: there never was one.
  since: string;
  flapping: boolean;
  ledgerIndex: number | null;
}

/// A part of the box itself that is kept running.
export interface Part {
  id: string;
  kind: string;
  health: Health;
  reason: string;
  since: string;
}

export interface Device {
  id: string;
  name: string;
  owner: string;
  camera: boolean;
  /// Not a real device: its readings are invented.
  simulated: boolean;
  health: Health;
  reason: string;
  /// When it ceased to be ok.
  since: string;
  lastHeard: string;
  refused: number;
  /// What was let pass and counted, by its short word, since the box started.
  counts: Record<string, number>;
  latest: LatestReading[];
}

export interface Uplink {
  enabled: boolean;
  state: string;
  since: string;
  size: number;
  sent: number;
  receipted: number;
  waiting: { telemetry: number; evidence: number; state: number };
  lastReceipt: string;
}

export interface Site {
  id: string;
  name: string;
  gateway: string;
  timeZone: string;
  clock: { now: string; mode: string; quality: string };
  /// The box only shows its record, perhaps because somebody altered it.
  readOnly: boolean;
  /// How soon those who only look see pictures.
  pictures: PublicPictures;
  buildings: Building[];
  wholes: Whole[];
  policy: Policy | null;
  /// Of the project, then of its phases; what nobody counted is not here.
  households: Households[];
  devices: Device[];
  alerts: Alert[];
  /// `newest` changes with every step of any finding; null: there is none.
  findings: { open: number; overdue: number; newest: number | null };
  parts: Part[];
  uplink: Uplink;
  ledger: { size: number; root: string; key: string };
  counts: { stored: number; repeated: number; refused: number };
}

export interface HistoryPoint {
  at: string;
  storeys: number;
  low: number;
  high: number;
  stage: Stage | null;
  usable: boolean;
  picture: string;
}

/// How the last good picture of a day showed each storey, from the ground up.
export interface HistoryDay {
  at: string;
  bands: Band[];
}

export interface History {
  planned: number;
  points: HistoryPoint[];
  days: HistoryDay[];
}

export interface Session {
  id: string;
  name: string;
  role: string;
  csrf: string;
}

// Names of evidence go into addresses: anything but a SHA-256 in hex is not one.
export const sha256 = (value: unknown): string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : '';

function numbers(value: unknown): Record<string, number> {
  const read: Record<string, number> = {};
  for (const [name, one] of Object.entries(fields(value))) {
    const size = number(one);
    if (size !== null) read[name] = size;
  }
  return read;
}

function readCameraWord(value: unknown): CameraWord {
  const from = fields(value);
  const storeys = number(from['storeys']) ?? 0;
  return {
    camera: text(from['camera']),
    storeys,
    low: number(from['storeys_low']) ?? storeys,
    high: number(from['storeys_high']) ?? storeys,
    grounds: numbers(from['grounds']),
  };
}

const readPicture = (from: Record<string, unknown>): ShownPicture => ({
  picture: sha256(from['picture']),
  overlay: sha256(from['overlay']),
  pictureAt: text(from['picture_at']),
});

function readEstimate(value: unknown): Estimate | null {
  if (typeof value !== 'object' || value === null) return null;
  const from = fields(value);
  const storeys = number(from['storeys']) ?? 0;
  return {
    at: text(from['at']),
    storeys,
    low: number(from['storeys_low']) ?? storeys,
    high: number(from['storeys_high']) ?? storeys,
    stage: oneOf(stages, from['stage']),
    confidence: number(from['confidence']),
    bands: list(from['bands'], (band) => oneOf(bands, band) ?? 'background'),
    cameras: list(from['cameras'], readCameraWord),
    camerasDisagree: from['cameras_disagree'] === true,
    usable: from['usable'] !== false,
    reasons: texts(from['reasons']),
    ...readPicture(from),
  };
}

function readStatement(value: unknown): Statement {
  const from = fields(value);
  return {
    act: text(from['act']),
    owner: text(from['owner']),
    by: text(from['by']),
    at: text(from['at']),
    said: text(from['said']),
    ledgerIndex: number(from['ledger_index']),
    evidence: list(from['evidence'], sha256).filter((name) => name !== ''),
    hasComment: text(from['comment_sha256']) !== '',
    document: sha256(from['document_sha256']),
    contradictedBy: texts(from['contradicted_by']),
  };
}

function readMilestone(value: unknown): Milestone {
  const from = fields(value);
  const acts: readonly PersonAct[] = ['confirm', 'dispute'];
  return {
    kind: text(from['milestone']),
    storey: count(from['storey']),
    zh: text(from['zh']),
    en: text(from['en']),
    status: oneOf(statuses, from['status']) ?? 'none',
    at: text(from['at']),
    updated: text(from['updated']),
    ledgerIndex: number(from['ledger_index']),
    statements: list(from['statements'], readStatement),
    witnesses: list(from['observations'], (value) => {
      const word = fields(value);
      return { device: text(word['device']), says: oneOf(spoken, word['says']) ?? 'contradicts' };
    }),
    may: list(from['may'], (act) => oneOf(acts, act)).filter((act): act is PersonAct => act !== null),
  };
}

const spoken = ['supports', 'contradicts'] as const;

function readWitness(value: unknown): Witness {
  const from = fields(value);
  return {
    device: text(from['device']),
    shows: from['shows'] === 'hook' ? 'hook' : 'floor',
    level: number(from['level']) ?? 0,
    last: text(from['last']),
    low: number(from['storeys_low']),
    high: number(from['storeys_high']),
    says: oneOf(spoken, from['estimate']) ?? 'nothing',
  };
}

function readBuilding(value: unknown): Building {
  const from = fields(value);
  return {
    id: text(from['id']),
    name: text(from['name']),
    planned: count(from['storeys_planned']),
    plan: readPlan(from['plan']),
    estimate: readEstimate(from['estimate']),
    publicPicture: typeof from['public_picture'] === 'object' && from['public_picture'] !== null ? readPicture(fields(from['public_picture'])) : null,
    witnesses: list(from['observations'], readWitness),
    forecast: readForecast(from['forecast']),
    milestones: list(from['milestones'], readMilestone),
  };
}

function readWhole(value: unknown): Whole {
  const from = fields(value);
  return {
    id: text(from['id']),
    kind: oneOf(['project', 'phase', 'facility'] as const, from['kind']) ?? 'project',
    name: text(from['name']),
    milestones: list(from['milestones'], readMilestone),
  };
}

function readReading(value: unknown): LatestReading {
  const from = fields(value);
  return {
    quantity: text(from['quantity']),
    value: number(from['value']),
    unit: text(from['unit']),
    statistic: text(from['statistic']),
    at: text(from['at']),
  };
}

function readAlert(value: unknown): Alert {
  const from = fields(value);
  const silence = from['alert'] === 'silence';
  const above = number(from['above']);
  const over = number(from['over_s']);
  return {
    kind: silence ? 'silence' : 'limit',
    device: text(from['device']),
    level: from['level'] === 'alarm' ? 'alarm' : 'warning',
    zh: text(from['zh']),
    en: text(from['en']),
    reading: silence ? null : readReading(value),
    minus: text(from['minus']),
    overHours: over === null ? null : over / 3600,
    side: above === null ? 'below' : 'above',
    limit: above ?? number(from['below']),
    from: text(from['from']),
    until: text(from['until']),
    since: text(from[silence ? 'last_heard' : 'since']),
    flapping: from['flapping'] === true,
    ledgerIndex: number(from['ledger_index']),
  };
}

function readPart(value: unknown): Part {
  const from = fields(value);
  return {
    id: text(from['id']),
    kind: text(from['kind']),
    health: oneOf(healths, from['health']) ?? 'unknown',
    reason: text(from['reason']),
    since: text(from['since']),
  };
}

function readDevice(value: unknown, camera: boolean): Device {
  const from = fields(value);
  return {
    id: text(from['id']),
    name: text(from['name']),
    owner: text(from['owner']),
    camera,
    simulated: from['simulated'] === true,
    health: oneOf(healths, from['health']) ?? 'unknown',
    reason: text(from['reason']),
    since: text(from['since']),
    lastHeard: text(from['last_heard']),
    refused: count(from['refused']),
    counts: numbers(from['counts']),
    latest: list(from['latest'], readReading),
  };
}

export function readSite(value: unknown): Site {
  const from = fields(value);
  const site = fields(from['site']);
  const clock = fields(from['clock']);
  const uplink = fields(from['uplink']);
  const events = fields(uplink['events']);
  const ledger = fields(from['ledger']);
  const findings = fields(from['findings']);
  const counts = fields(from['counts']);
  return {
    id: text(site['id']),
    name: text(site['name']) || text(site['id']),
    gateway: text(site['gateway']),
    timeZone: text(site['time_zone']) || 'Asia/Shanghai',
    readOnly: from['read_only'] === true,
    pictures: readPublicPictures(from['pictures']),
    clock: { now: text(clock['now']), mode: text(clock['mode']), quality: text(clock['quality']) },
    buildings: list(from['buildings'], readBuilding),
    wholes: list(from['wholes'], readWhole),
    policy: readPolicy(from['policy']),
    households: list(from['households'], readHouseholds),
    devices: [
      ...list(from['cameras'], (item) => readDevice(item, true)),
      ...list(from['devices'], (item) => readDevice(item, false)),
    ],
    alerts: list(from['alerts'], readAlert),
    findings: {
      open: count(findings['open']),
      overdue: count(findings['overdue']),
      newest: number(findings['newest']),
    },
    parts: list(from['parts'], readPart),
    uplink: {
      enabled: uplink['enabled'] === true,
      state: text(uplink['state']),
      since: text(uplink['since']),
      size: count(events['size']),
      sent: count(events['sent']),
      receipted: count(events['receipted']),
      waiting: {
        telemetry: count(uplink['telemetry_waiting']),
        evidence: count(uplink['evidence_waiting']),
        state: count(uplink['state_waiting']),
      },
      lastReceipt: text(uplink['last_receipt']),
    },
    ledger: {
      size: count(ledger['size']),
      root: text(ledger['root']),
      key: text(ledger['key']),
    },
    counts: {
      stored: count(counts['readings_stored']),
      repeated: count(counts['readings_repeated']),
      refused: count(counts['refused']),
    },
  };
}

export function readHistory(value: unknown): History {
  const from = fields(value);
  const points = list(from['points'], (item): HistoryPoint => {
    const point = fields(item);
    const storeys = number(point['storeys']) ?? 0;
    return {
      at: text(point['at']),
      storeys,
      low: number(point['low']) ?? storeys,
      high: number(point['high']) ?? storeys,
      stage: oneOf(stages, point['stage']),
      usable: point['usable'] !== false,
      picture: sha256(point['picture']),
    };
  });
  const days = list(from['days'], (item): HistoryDay => {
    const day = fields(item);
    return { at: text(day['at']), bands: [...text(day['bands'])].map((digit) => bands[Number(digit)] ?? 'background') };
  });
  const dated = ({ at }: { at: string }): boolean => !Number.isNaN(Date.parse(at));
  return {
    planned: count(from['storeys_planned']),
    points: points.filter(dated),
    days: days.filter(dated),
  };
}

export function readSession(value: unknown): Session {
  const from = fields(value);
  return {
    id: text(from['id']),
    name: text(from['name']),
    role: text(from['role']),
    csrf: text(from['csrf']),
  };
}

export interface Recorded {
  status: Status;
  ledgerIndex: number | null;
}

/// Empty: the box did not say.
export const readKept = (value: unknown): string => sha256(fields(value)['sha256']);

export function readRecorded(value: unknown): Recorded {
  const from = fields(value);
  return {
    status: oneOf(statuses, from['status']) ?? 'none',
    ledgerIndex: number(from['ledger_index']),
  };
}

/// A refusal (RFC 9457): its code, and its line for people: the detail, else the title.
export interface Refusal {
  code: string;
  detail: string;
  /// The id of the sensor node that it is about; empty: about none.
  node: string;
}

export function readRefusal(value: unknown): Refusal {
  const from = fields(value);
  return { code: text(from['code']), detail: text(from['detail']) || text(from['title']), node: text(from['node']) };
}
