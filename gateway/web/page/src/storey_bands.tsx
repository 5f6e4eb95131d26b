// The state of each storey on each day, as the ground on which the curve stands: what the drawing of
// the building shows of today.

import type { Scale } from './chart';
import { bands, type Band, type HistoryDay } from './site';

export type Stood = Exclude<Band, 'background'>;

/// From the top down, as in the drawing's legend.
export const stoodOn = (days: HistoryDay[]): Stood[] =>
  [...bands].reverse().filter((band): band is Stood => band !== 'background' && days.some((day) => day.bands.includes(band)));

/// How the building stood then; null: nobody had looked yet.
export const dayUpTo = (days: HistoryDay[], at: number): HistoryDay | null =>
  [...days].reverse().find((day) => Date.parse(day.at) <= at) ?? null;

/// A storey in one state, from the day with this number up to the day with that one.
interface Patch {
  storey: number;
  from: number;
  to: number;
}

function patchesOf(days: HistoryDay[], band: Stood): Patch[] {
  const patches: Patch[] = [];
  const newest = new Map<number, Patch>();
  days.forEach((day, index) =>
    day.bands.forEach((state, storey) => {
      if (state !== band) return;
      const last = newest.get(storey);
      if (last?.to === index) {
        last.to += 1;
        return;
      }
      const patch = { storey, from: index, to: index + 1 };
      newest.set(storey, patch);
      patches.push(patch);
    }),
  );
  return patches;
}

/// What was seen stands until the next day on which something was seen, at last until `until`.
export function StoreyBands(props: { days: HistoryDay[]; until: number; scale: Scale }) {
  const { days, until, scale } = props;
  const left = days.map((day) => scale.x(Math.max(Date.parse(day.at), scale.from)).toFixed(1));
  const edges = [...left, scale.x(until).toFixed(1)];
  const way = ({ storey, from, to }: Patch): string =>
    `M${edges[from]} ${scale.y(storey + 1).toFixed(1)}H${edges[to]}V${scale.y(storey).toFixed(1)}H${edges[from]}z`;
  return (
    <g class="stood">
      {stoodOn(days).map((band) => (
        <path key={band} class={`stood-${band}`} d={patchesOf(days, band).map(way).join('')} />
      ))}
    </g>
  );
}
