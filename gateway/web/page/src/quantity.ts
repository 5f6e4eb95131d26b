// Quantities, statistics and units as people read them.

import type { LatestReading } from './site';
import type { Words } from './zh';

export function quantityName(words: Words, reading: LatestReading): string {
  const name = words.quantities[reading.quantity] ?? reading.quantity;
  const [period = '', aggregate = ''] = reading.statistic.split('.');
  const how = [words.periods[period], words.aggregates[aggregate]].filter((part) => part !== undefined);
  const gap = words.lang === 'en' ? ' ' : '';
  return how.length === 0 ? name : `${name}${words.lang === 'en' ? ' ' : ''}(${how.join(gap)})`;
}

const units: Record<string, string> = {
  'ug/m3': 'µg/m³',
  'mg/m3': 'mg/m³',
  Cel: '°C',
  '%RH': '%',
  '/': '',
  deg: '°',
  m3: 'm³',
  floor: '',
  storey: '',
  '1': '',
};

export function amount(words: Words, reading: LatestReading): string {
  if (reading.value === null) return '—';
  const value = new Intl.NumberFormat(words.lang, { maximumFractionDigits: 1 }).format(reading.value);
  const floor = /floor|storey/.test(reading.quantity);
  const unit = floor ? words.floorUnit : (units[reading.unit] ?? reading.unit);
  return unit === '' ? value : `${value}\u00a0${unit}`;
}
