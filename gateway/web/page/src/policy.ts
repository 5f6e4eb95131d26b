// The policy's clocks, and the one place where their JSON becomes values of ours. Tolerant like
// site.ts: what is missing or odd is "not known".

import { count, fields, list, number, oneOf, text } from './reading';

export interface Wording {
  zh: string;
  en: string;
}

export type Standing =
  | 'overdue'
  | 'due_soon'
  | 'shut'
  | 'remaining'
  | 'unknown'
  | 'ok'
  | 'done_late'
  | 'done_in_time'
  | 'not_applicable';
/// In the order in which people need to see them.
export const standings: readonly Standing[] = [
  'overdue',
  'due_soon',
  'shut',
  'remaining',
  'unknown',
  'ok',
  'done_late',
  'done_in_time',
  'not_applicable',
];

export interface Rule {
  id: string;
  name: Wording;
  article: Wording;
  source: Wording;
  form: string;
  /// False: of a draft, or nobody has verified that it binds.
  inForce: boolean;
  /// Why it is not computed; empty: it is.
  whyNot: Wording;
}

export interface Missing {
  subjectName: string;
  zh: string;
  en: string;
  status: string;
}

export interface Deadline {
  rule: string;
  subject: string;
  subjectName: string;
  facility: string;
  facilityName: Wording;
  standing: Standing;
  /// `2025-05-20`; empty: not known.
  due: string;
  daysLeft: number | null;
  provisional: boolean;
  done: { day: string; confirmed: boolean } | null;
  missing: Missing[];
  consequence: 'breach' | 'warning' | null;
  action: boolean;
  /// The entry of the record that set the action going, or took it back.
  event: { stands: boolean; entry: number } | null;
  /// Of a rule that waits for households, where they were counted.
  households: { waiting: number; counted: string; contradicts: boolean } | null;
}

export interface ChainStep {
  rule: string;
  from: string;
  by: string;
  done: boolean;
}

export interface Chain {
  id: string;
  name: Wording;
  subject: string;
  subjectName: string;
  limitRule: string;
  limit: string;
  slackDays: number | null;
  slackOfPolicyDays: number | null;
  steps: ChainStep[];
  missing: Missing[];
}

export interface Households {
  subject: string;
  subjectName: string;
  counted: string;
  awaitingReturn: number;
  housed: number;
  awaitingRegistration: number;
}

export interface Policy {
  name: Wording;
  source: Wording;
  inForce: boolean;
  /// Empty: the clock is not trusted.
  today: string;
  rules: Rule[];
  deadlines: Deadline[];
  chains: Chain[];
}

export interface Forecast {
  day: string;
  early: string;
  late: string;
  daysAStorey: number | null;
  fromStoreys: number;
  /// Set where there is no day.
  whyNone: string;
}

function wording(value: unknown): Wording {
  const from = fields(value);
  return { zh: text(from['zh']), en: text(from['en']) };
}

const day = (value: unknown): string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '';

function readMissing(value: unknown): Missing {
  const from = fields(value);
  return {
    subjectName: text(from['subject_name']),
    zh: text(from['zh']),
    en: text(from['en']),
    status: text(from['status']),
  };
}

function readRule(value: unknown): Rule {
  const from = fields(value);
  return {
    id: text(from['id']),
    name: wording(from['name']),
    article: wording(from['article']),
    source: wording(from['source']),
    form: text(from['form']),
    inForce: from['in_force'] === true,
    whyNot: wording(from['why_not']),
  };
}

function readWaiting(value: unknown): Deadline['households'] {
  if (typeof value !== 'object' || value === null) return null;
  const from = fields(value);
  return {
    waiting: count(from['waiting']),
    counted: day(from['counted']),
    contradicts: from['contradicts'] === true,
  };
}

function readEvent(value: unknown): Deadline['event'] {
  const from = fields(value);
  const stands = from['stands'] === true;
  const entry = number(from[stands ? 'started' : 'ledger_index']);
  return entry === null ? null : { stands, entry };
}

function readDeadline(value: unknown): Deadline {
  const from = fields(value);
  const done = fields(from['done']);
  return {
    rule: text(from['rule']),
    subject: text(from['subject']),
    subjectName: text(from['subject_name']),
    facility: text(from['facility']),
    facilityName: wording(from['facility_name']),
    standing: oneOf(standings, from['status']) ?? 'unknown',
    due: day(from['due']),
    daysLeft: number(from['days_left']),
    provisional: from['provisional'] === true,
    done:
      day(done['day']) === '' ? null : { day: day(done['day']), confirmed: done['status'] === 'confirmed' },
    missing: list(from['missing'], readMissing),
    consequence: oneOf(['breach', 'warning'] as const, from['consequence']),
    action: from['action'] === true,
    event: readEvent(from['action_event']),
    households: readWaiting(from['households']),
  };
}

function readChain(value: unknown): Chain {
  const from = fields(value);
  return {
    id: text(from['id']),
    name: wording(from['name']),
    subject: text(from['subject']),
    subjectName: text(from['subject_name']),
    limitRule: text(from['limit_rule']),
    limit: day(from['limit']),
    slackDays: number(from['slack_days']),
    slackOfPolicyDays: number(from['slack_of_policy_days']),
    steps: list(from['steps'], (step) => {
      const one = fields(step);
      return { rule: text(one['rule']), from: day(one['from']), by: day(one['by']), done: one['done'] === true };
    }),
    missing: list(from['missing'], readMissing),
  };
}

export function readHouseholds(value: unknown): Households {
  const from = fields(value);
  return {
    subject: text(from['subject']),
    subjectName: text(from['subject_name']),
    counted: day(from['counted']),
    awaitingReturn: count(from['awaiting_return']),
    housed: count(from['housed']),
    awaitingRegistration: count(from['awaiting_registration']),
  };
}

export function readPolicy(value: unknown): Policy | null {
  if (typeof value !== 'object' || value === null) return null;
  const from = fields(value);
  return {
    name: wording(from['name']),
    source: wording(from['source']),
    inForce: from['in_force'] === true,
    today: day(from['today']),
    rules: list(from['rules'], readRule),
    deadlines: list(from['deadlines'], readDeadline),
    chains: list(from['chains'], readChain),
  };
}

export function readForecast(value: unknown): Forecast | null {
  if (typeof value !== 'object' || value === null) return null;
  const from = fields(value);
  return {
    day: day(from['day']),
    early: day(from['early']),
    late: day(from['late']),
    daysAStorey: number(from['days_a_storey']),
    fromStoreys: count(from['from_storeys']),
    whyNone: text(from['why_none']),
  };
}
