// Storeys of the same state that stand on each other, told together.

import type { Band } from './site';
import type { Words } from './zh';

export interface Run {
  band: Band;
  low: number;
  high: number;
}

/// From the ground up.
export function runsOf(states: Band[]): Run[] {
  const runs: Run[] = [];
  states.forEach((band, index) => {
    const last = runs[runs.length - 1];
    if (last !== undefined && last.band === band) last.high = index + 1;
    else runs.push({ band, low: index + 1, high: index + 1 });
  });
  return runs;
}

export const sayRun = (words: Words, run: Run): string =>
  `${words.storeyRange(run.low, run.high)}${words.colon}${words.bands[run.band]}`;
