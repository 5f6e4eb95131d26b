// The contractor's programme held against what was seen: at ±0.00 on one day, all storeys cast on another, and the
// same time for each storey between.

import { fields, text } from './reading';

const day = 86_400_000;

export interface Plan {
  zeroLevel: number; // ms since 1970, the day's beginning on the site
  toppingOut: number;
}

export function readPlan(value: unknown): Plan | null {
  const from = fields(value);
  const begin = (name: string): number => Date.parse(`${text(from[name])}T00:00:00+08:00`);
  const plan = { zeroLevel: begin('zero_level'), toppingOut: begin('topping_out') };
  return plan.toppingOut > plan.zeroLevel ? plan : null;
}

/// When so many of `all` storeys are to be cast.
export const plannedDay = (plan: Plan, storeys: number, all: number): number =>
  plan.zeroLevel + (storeys / all) * (plan.toppingOut - plan.zeroLevel);

/// Storeys that are to stand at an instant, with their fraction.
export const plannedStoreys = (plan: Plan, at: number, all: number): number =>
  Math.min(Math.max(((at - plan.zeroLevel) / (plan.toppingOut - plan.zeroLevel)) * all, 0), all);

/// How the works stand to their programme; `storeys` is 0 once all are cast.
export interface Standing {
  is: 'on_plan' | 'behind' | 'ahead';
  days: number;
  storeys: number;
}

/// `cast` of `all` storeys stand at an instant; null: nothing is due yet, and nothing done. Who has the last storey that is
/// due, and not the next, is on plan.
export function standing(plan: Plan, cast: number, all: number, at: number): Standing | null {
  if (cast === 0 && at < plan.zeroLevel) return null;
  const late = Math.floor((at - plannedDay(plan, cast + 1, all)) / day);
  const early = Math.floor((plannedDay(plan, cast, all) - at) / day);
  const due = Math.floor(plannedStoreys(plan, at, all));
  if (late > 0 && due > cast) return { is: 'behind', days: late, storeys: due - cast };
  if (early > 0 && cast > due) return { is: 'ahead', days: early, storeys: cast - due };
  return { is: 'on_plan', days: 0, storeys: 0 };
}

/// All storeys stood for the first time at an instant.
export function standingAtTheEnd(plan: Plan, at: number): Standing {
  const late = Math.floor((at - plan.toppingOut) / day);
  if (late > 0) return { is: 'behind', days: late, storeys: 0 };
  return late < 0 ? { is: 'ahead', days: -late, storeys: 0 } : { is: 'on_plan', days: 0, storeys: 0 };
}
