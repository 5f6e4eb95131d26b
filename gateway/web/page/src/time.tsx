// Instants as people of the site read them: in the site's time zone, and as "so long ago"
// measured by the site's own clock, which in a demo runs on the pictures' time.

import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

import { useWords } from './i18n';
import type { Words } from './zh';

const siteOffset = 8 * 3_600_000; // Asia/Shanghai, without summer time

interface SiteClock {
  /// Business time now, in milliseconds; NaN when not known.
  now: number;
  timeZone: string;
}

export const SiteTime = createContext<SiteClock>({ now: NaN, timeZone: 'Asia/Shanghai' });

export function ago(words: Words, milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return words.ago.unknown;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < -60) return words.ago.ahead;
  if (seconds < 5) return words.ago.now;
  if (seconds < 60) return words.ago.seconds(seconds);
  if (seconds < 3600) return words.ago.minutes(Math.floor(seconds / 60));
  if (seconds < 48 * 3600) return words.ago.hours(Math.floor(seconds / 3600));
  return words.ago.days(Math.floor(seconds / 86400));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(lang: string, timeZone: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(lang, { timeZone, ...style });
  } catch {
    return new Intl.DateTimeFormat(lang, style); // a zone this browser does not know
  }
}

/// A format is kept, because to make one takes a telephone longer than to draw what it is for.
function format(lang: string, timeZone: string, style: Intl.DateTimeFormatOptions, at: number): string {
  if (Number.isNaN(at)) return '—';
  const key = `${lang} ${timeZone} ${JSON.stringify(style)}`;
  const made = formats.get(key) ?? formatFor(lang, timeZone, style);
  formats.set(key, made);
  return made.format(at);
}

export interface Calendar {
  day: (at: string | number) => string;
  shortDay: (at: string | number) => string;
  month: (at: number) => string;
  yearMonth: (at: number) => string;
  minute: (at: string | number) => string;
  second: (at: number) => string;
  hour: (at: number) => string;
  since: (at: string) => string;
}

const instant = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at));

export function useCalendar(): Calendar {
  const words = useWords();
  const { now, timeZone } = useContext(SiteTime);
  const as = (style: Intl.DateTimeFormatOptions) => (at: string | number) =>
    format(words.lang, timeZone, style, instant(at));
  const numeric = 'numeric' as const;
  const two = '2-digit' as const;
  const month = words.lang === 'en' ? ('short' as const) : ('long' as const);
  return {
    day: as({ year: numeric, month, day: numeric }),
    shortDay: as({ month, day: numeric }),
    month: as({ month: 'short' }),
    yearMonth: as({ year: numeric, month: 'short' }),
    minute: as({ year: numeric, month, day: numeric, hour: two, minute: two, hour12: false }),
    second: as({ year: numeric, month, day: numeric, hour: two, minute: two, second: two, hour12: false }),
    hour: as({ hour: two, minute: two, hour12: false }),
    since: (at) => ago(words, now - instant(at)),
  };
}

/// `2024-08-30` on the site, as a field for a day has it.
export const dayOf = (at: string): string => new Date(Date.parse(at) + siteOffset).toISOString().slice(0, 10);

/// Renders again every `period` milliseconds and gives performance.now().
export function useTick(period: number): number {
  const [tick, setTick] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setTick(performance.now()), period);
    return () => clearInterval(timer);
  }, [period]);
  return tick;
}
