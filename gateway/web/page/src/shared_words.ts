// The words of words.json as the page uses them. The box writes the first HTML with the same ones
// (gateway/web/words.cpp), so that nothing changes its name when the script takes over.

import {
  ago,
  alertLevel,
  bands,
  building,
  clocks,
  consequence,
  draftConsequence,
  devices,
  findingList,
  findings,
  findingSteps,
  gate,
  gates,
  milestones,
  owners,
  page,
  pictures,
  plan,
  sentence,
  stages,
  standing,
  status,
} from './words.json';

/// Chinese, English.
export type Column = 0 | 1;
type Said = string[];

/// `{}` is the next of the values, `{1}` the second of them.
export function fill(pattern: string, ...values: (string | number)[]): string {
  let next = 0;
  return pattern.replace(/\{(\d?)\}/g, (_, which: string) => String(values[which === '' ? next++ : Number(which)] ?? ''));
}

/// Where one of a thing is said otherwise than many: `{} day|{} days`.
export function fillCount(pattern: string, count: number): string {
  const [one = '', many = one] = pattern.split('|');
  return fill(count === 1 ? one : many, count);
}

function column<Key extends string>(group: Record<Key, Said>, which: Column): Record<Key, string> {
  const entries = Object.entries<Said>(group).map(([id, said]) => [id, said[which] ?? id]);
  return Object.fromEntries(entries) as Record<Key, string>;
}

export function sharedWords(which: Column) {
  const own = column(page, which);
  const door = column(gate, which);
  const shown = column(pictures, which);
  const seen = column(building, which);
  const told = column(sentence, which);
  const since = column(ago, which);
  const reached = column(milestones, which);
  const heard = column(devices, which);
  const programme = column(plan, which);
  const daysOf = (n: number) => fillCount(programme.days, n);
  const storeysOf = (n: number) => fillCount(programme.storeys, n);
  return {
    ...own,
    title: (site: string) => fill(own.title, site),
    range: (low: string, high: string) => fill(own.range, low, high),
    list: (items: string[]) => items.join(own.comma),

    publicPictures: {
      delayed: (hours: number) => fill(shown.delayed, hours),
      stopped: shown.stopped,
      more: shown.more,
    },

    plan: {
      legend: programme.legend,
      column: programme.column,
      of: (zero: string, topped: string) => fill(programme.of, zero, topped),
      on_plan: programme.onPlan,
      behind: (late: number, short: number) => fill(programme.behind, daysOf(late), storeysOf(short)),
      ahead: (early: number, more: number) => fill(programme.ahead, daysOf(early), storeysOf(more)),
      ended: {
        on_plan: programme.endedOnPlan,
        behind: (late: number) => fill(programme.endedBehind, daysOf(late)),
        ahead: (early: number) => fill(programme.endedAhead, daysOf(early)),
      },
    },

    ago: {
      now: since.now,
      seconds: (n: number) => fillCount(since.seconds, n),
      minutes: (n: number) => fillCount(since.minutes, n),
      hours: (n: number) => fillCount(since.hours, n),
      days: (n: number) => fillCount(since.days, n),
      ahead: since.ahead,
      unknown: since.unknown,
    },

    bands: column(bands, which),
    storeyRange: (low: number, high: number) => (low === high ? fill(seen.storeyOne, low) : fill(seen.storeyRange, low, high)),
    drawing: (of: string, parts: string[]) => fill(seen.drawing, of, parts.join(own.comma)),
    castMark: (cast: string) => fill(seen.castMark, cast),

    stageWord: seen.stage,
    stages: column(stages, which),
    stageUnknown: seen.stageUnknown,
    stageStep: (n: number, all: number) => fill(seen.stageStep, n, all),
    cast: seen.cast,
    storeys: seen.storeys,
    castOf: (cast: string, planned: number) => fill(seen.castOf, cast, planned),
    between: (low: number, high: number) => fill(seen.between, low, high),
    sure: seen.sure,
    sentence: {
      none: told.none,
      unknown: told.unknown,
      site_clearing: (planned: number) => fill(told.site_clearing, planned),
      excavation: (planned: number) => fill(told.excavation, planned),
      foundation: (planned: number) => fill(told.foundation, planned),
      superstructure: (cast: string, planned: number) => fill(told.superstructure, cast, planned),
      topped_out: (planned: number) => fill(told.topped_out, planned),
      topped_out_reckoned: (planned: number) => fill(told.topped_out_reckoned, planned),
      topped_out_confirmed: (planned: number) => fill(told.topped_out_confirmed, planned),
      facade: (planned: number) => fill(told.facade, planned),
      external_works: (planned: number) => fill(told.external_works, planned),
      completed: (planned: number) => fill(told.completed, planned),
      forecast: (day: string) => fill(told.forecast, day),
    },
    refusedFrame: seen.refusedFrame,
    camerasDisagree: seen.camerasDisagree,
    cameraSays: (camera: string, storeys: number) => `${camera} ${storeysOf(storeys)}`,
    camerasDisagreeMore: seen.camerasDisagreeMore,

    picture: seen.picture,
    pictureDelayed: seen.pictureDelayed,
    pictureMore: seen.pictureMore,
    pictureTaken: (when: string, age: string) => fill(seen.pictureTaken, when, age),
    pictureNone: seen.pictureNone,
    pictureAlt: (of: string, when: string) => fill(seen.pictureAlt, of, when),

    devices: heard.title,
    silence: heard.silence,
    lastWord: (when: string) => fill(heard.lastWord, when),
    neverHeard: heard.neverHeard,
    since: (when: string) => fill(heard.since, when),
    alertLevel: column(alertLevel, which),

    milestones: reached.title,
    milestonesNone: reached.none,
    storeyCast: (n: number) => fill(reached.storeyCast, n),
    status: column(status, which),
    owners: column(owners, which) as Record<string, string>,

    gateTitle: door.title,
    gateBody: door.body,
    gateHow: door.how,
    gateSteps: [door.neighbours, door.group, door.once],
    linkRefused: door.refused,
    linkLocked: door.locked,
  };
}

export function sharedClockWords(which: Column) {
  const own = column(clocks, which);
  return {
    title: own.title,
    more: own.more,
    untrusted: own.untrusted,
    today: (day: string) => fill(own.today, day),
    standing: column(standing, which),
    gate: column(gates, which) as Record<string, string>,
    consequence: column(consequence, which),
    daysLeft: (n: number) => fillCount(own.daysLeft, n),
    lastDay: own.lastDay,
    daysLate: (n: number) => fillCount(own.daysLate, n),
    due: (day: string) => fill(own.due, day),
    wouldBeDue: (day: string) => fill(own.wouldBeDue, day),
    doneOn: (day: string) => fill(own.doneOn, day),
    doneUnconfirmed: (day: string) => fill(own.doneUnconfirmed, day),
    draft: own.draft,
    draftMore: own.draftMore,
    draftConsequence: column(draftConsequence, which),
    begin: own.begin,
    setGoing: (entry: number) => fill(own.setGoing, entry),
    takenBack: (entry: number) => fill(own.takenBack, entry),
    waiting: (households: number, day: string) => fill(own.waiting, households, day),
    stillWaiting: (households: number, day: string) => fill(own.stillWaiting, households, day),
    missing: (items: string) => fill(own.missing, items),
    missingOne: (subject: string, milestone: string, unconfirmed: boolean) =>
      fill(unconfirmed ? own.missingConfirmation : own.missingDate, subject, milestone),
    noFacility: (kind: string) => fill(own.noFacility, kind),
    notKnown: (n: number) => fill(own.notKnown, n),
    settled: (n: number) => fill(own.settled, n),
    chain: own.chain,
    slack: (n: number) => fillCount(own.slack, n),
    noSlack: own.noSlack,
    overrun: (n: number) => fillCount(own.overrun, n),
    noChain: own.noChain,
    limit: (day: string) => fill(own.limit, day),
  };
}

export function sharedFindingWords(which: Column) {
  const told = column(findingList, which);
  return {
    title: told.title,
    none: told.none,
    counts: (open: number, overdue: number) =>
      overdue === 0 ? fill(told.counts, open) : fill(told.countsOverdue, open, overdue),
    kinds: column(findings, which),
    status: column(findingSteps, which),
  };
}
