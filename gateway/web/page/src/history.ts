// What the box saw of a building, picture by picture.

import { useEffect, useRef, useState } from 'preact/hooks';

import { getHistory } from './api';
import type { Building, History, HistoryPoint, PublicPictures } from './site';

export interface Told {
  history: History | null;
  failed: boolean;
}

/// Re-reads the history when the estimate moves on, at most every two seconds.
export function useHistory(building: Building): Told {
  const [state, setState] = useState<Told>({ history: null, failed: false });
  const last = useRef(-Infinity);
  const [attempt, setAttempt] = useState(0);
  const version = building.estimate?.at ?? '';
  const gone = useRef(false);
  useEffect(
    () => () => {
      gone.current = true;
    },
    [],
  );
  useEffect(() => {
    const wait = Math.max(0, last.current + 2_000 - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      // An answer counts even if the estimate has moved on meanwhile: in a quick demo it always has.
      getHistory(building.id).then(
        (history) => {
          if (!gone.current) setState({ history, failed: false });
        },
        () => {
          if (gone.current) return;
          setState((before) => ({ history: before.history, failed: true }));
          setTimeout(() => setAttempt((n) => n + 1), 10_000);
        },
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [building.id, version, attempt]);
  return state;
}

const week = 7 * 86_400_000;

/// Whole storeys more than a week before the last picture; null: nobody looked then.
export function storeysSinceLastWeek(points: HistoryPoint[]): number | null {
  const last = points[points.length - 1];
  if (last === undefined) return null;
  const then = [...points].reverse().find((point) => Date.parse(point.at) <= Date.parse(last.at) - week);
  return then === undefined ? null : Math.round(last.storeys) - Math.round(then.storeys);
}

export function nearest(points: HistoryPoint[], when: number): number {
  let best = 0;
  points.forEach((point, index) => {
    const here = Math.abs(Date.parse(point.at) - when);
    if (here < Math.abs(Date.parse((points[best] as HistoryPoint).at) - when)) best = index;
  });
  return best;
}

/// As this visitor may see them: what the operator keeps back is no picture.
export function withPublicPictures(points: HistoryPoint[], rule: PublicPictures, now: number): HistoryPoint[] {
  if (rule.shown === 'live') return points;
  const newest = rule.shown === 'stopped' ? -Infinity : now - rule.delayHours * 3_600_000;
  return points.map((point) => (Date.parse(point.at) <= newest ? point : { ...point, picture: '' }));
}

/// The last picture up to this point; null: there was none yet.
export function pictureUpTo(points: HistoryPoint[], at: number): HistoryPoint | null {
  for (let index = at; index >= 0; index -= 1) {
    const point = points[index];
    if (point !== undefined && point.picture !== '') return point;
  }
  return null;
}
