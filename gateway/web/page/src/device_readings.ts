// What a device measured in the last day, in equal steps; a step without readings is a gap.

import { ask } from './api';
import { fields, list, number, text } from './reading';

export interface Step {
  number: number;
  low: number;
  mean: number;
  high: number;
}

export interface Series {
  quantity: string;
  statistic: string;
  unit: string;
  steps: Step[];
}

export interface DrawnLimit {
  quantity: string;
  statistic: string;
  unit: string;
  side: 'above' | 'below';
  value: number;
  alarm: boolean;
  zh: string;
  en: string;
  /// The part of each day in which it holds; empty: always.
  from: string;
  until: string;
}

export interface DeviceDay {
  from: number;
  until: number;
  steps: number;
  series: Series[];
  limits: DrawnLimit[];
}

function readStep(value: unknown): Step | null {
  const [at, low, mean, high] = list(value, number);
  return at == null || low == null || mean == null || high == null ? null : { number: at, low, mean, high };
}

function readLimit(value: unknown): DrawnLimit | null {
  const from = fields(value);
  const above = number(from['above']);
  const limit = above ?? number(from['below']);
  if (limit === null) return null;
  return {
    quantity: text(from['quantity']),
    statistic: text(from['statistic']),
    unit: text(from['unit']),
    side: above === null ? 'below' : 'above',
    value: limit,
    alarm: from['level'] === 'alarm',
    zh: text(from['zh']),
    en: text(from['en']),
    from: text(from['from']),
    until: text(from['until']),
  };
}

const present = <T>(one: T | null): one is T => one !== null;

export async function getDeviceDay(device: string): Promise<DeviceDay> {
  const told = fields(await ask(`/api/v1/devices/${encodeURIComponent(device)}/readings`));
  const from = Date.parse(text(told['from']));
  const until = Date.parse(text(told['until']));
  const step = (number(told['step_s']) ?? 600) * 1000;
  return {
    from,
    until,
    steps: Math.max(1, Math.round((until - from) / step) || 0),
    series: list(told['series'], (value) => {
      const one = fields(value);
      return {
        quantity: text(one['quantity']),
        statistic: text(one['statistic']),
        unit: text(one['unit']),
        steps: list(one['points'], readStep).filter(present),
      };
    }).filter((one) => one.steps.length > 0),
    limits: list(told['limits'], readLimit).filter(present),
  };
}

/// Steps that follow each other without a gap.
export function runs(steps: Step[]): Step[][] {
  const all: Step[][] = [];
  for (const step of steps) {
    const last = all[all.length - 1];
    if (last !== undefined && last[last.length - 1]?.number === step.number - 1) last.push(step);
    else all.push([step]);
  }
  return all;
}
