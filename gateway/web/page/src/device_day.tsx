// The last day of a device, drawn once somebody opens it: each quantity with its limits, gaps as gaps.

import { useEffect, useState } from 'preact/hooks';

import { getDeviceDay, runs, type DeviceDay, type DrawnLimit, type Series, type Step } from './device_readings';
import { useWords } from './i18n';
import { amount, quantityName } from './quantity';
import { useCalendar } from './time';
import type { Words } from './zh';

const again = 60_000;

export function DayOfDevice(props: { device: string }) {
  const words = useWords();
  const say = words.deviceDay;
  const [open, setOpen] = useState(false);
  const [day, setDay] = useState<DeviceDay | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!open) return;
    let gone = false;
    const read = (): void => {
      getDeviceDay(props.device).then(
        (told) => {
          if (gone) return;
          setDay(told);
          setFailed(false);
        },
        () => {
          if (!gone) setFailed(true);
        },
      );
    };
    read();
    const timer = setInterval(read, again);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [open, props.device]);
  const drawn = day === null ? [] : day.series.filter((one) => one.quantity !== 'wind_direction');
  return (
    <details class="device-day" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.open}</summary>
      {failed ? <p class="muted">{say.failed}</p> : null}
      {day === null ? failed ? null : <p class="muted">{say.loading}</p> : null}
      {day !== null && drawn.length === 0 ? <p class="muted">{say.none}</p> : null}
      <div class="day-drawings">
        {day === null
          ? null
          : drawn.map((one) => <Drawing key={`${one.quantity}/${one.statistic}/${one.unit}`} series={one} day={day} />)}
      </div>
    </details>
  );
}

const width = 300;
const height = 96;
const foot = 20;
const head = 6;

const measured = (words: Words, series: Series, value: number): string => amount(words, { ...series, value, at: '' });

function limitsOf(series: Series, day: DeviceDay): DrawnLimit[] {
  return day.limits.filter(
    (one) => one.quantity === series.quantity && one.unit === series.unit && one.statistic === series.statistic,
  );
}

function Drawing(props: { series: Series; day: DeviceDay }) {
  const words = useWords();
  const calendar = useCalendar();
  const { series, day } = props;
  const say = words.deviceDay;
  const limits = limitsOf(series, day);
  const low = Math.min(...series.steps.map((step) => step.low));
  const high = Math.max(...series.steps.map((step) => step.high));
  const [bottom, top] = span(low, high, limits);
  const x = (step: number): number => (step / day.steps) * width;
  const y = (value: number): number => head + (1 - (value - bottom) / (top - bottom)) * (height - head - foot);
  const pieces = runs(series.steps);
  const gaps = gapsOf(pieces, day.steps);
  const said = [
    say.from(measured(words, series, low), measured(words, series, high)),
    ...limits.map((one) => inWords(words, series, one)),
    gaps === 0 ? say.whole : say.gaps(gaps),
  ];
  const name = quantityName(words, { ...series, value: null, at: '' });
  const hours = [0, 6, 12, 18].map((hour) => day.from + hour * 3_600_000);
  return (
    <figure class="day-drawing">
      <figcaption>
        <strong>{name}</strong> <span class="muted">{said.join(say.join)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${name}${words.colon}${said.join(say.join)}`}>
        {hours.map((at, index) => (
          <g key={at}>
            <path class="grid" d={`M${x((index * day.steps) / 4)} ${head}V${height - foot}`} />
            <text class="axis" x={x((index * day.steps) / 4) + 3} y={height - 5}>
              {calendar.hour(at)}
            </text>
          </g>
        ))}
        {pieces.map((piece) => {
          const there = piece.map((step) => `${x(step.number + 0.5)} ${y(step.high)}`);
          const back = [...piece].reverse().map((step) => `${x(step.number + 0.5)} ${y(step.low)}`);
          const line = piece.map((step) => `${x(step.number + 0.5)} ${y(step.mean)}`);
          return (
            <g key={piece[0]?.number}>
              <path class="range" d={`M${[...there, ...back].join('L')}Z`} />
              <path class="day-line" d={`M${line.join('L')}h0.1`} />
            </g>
          );
        })}
        {limits.map((one) => (
          <path
            key={`${one.side}${one.value}${one.from}`}
            class={one.alarm ? 'day-limit day-limit-alarm' : 'day-limit'}
            d={`M0 ${y(one.value)}H${width}`}
          />
        ))}
      </svg>
    </figure>
  );
}

/// Also before the first reading and after the last; the newest steps may only not have come yet.
function gapsOf(pieces: Step[][], steps: number): number {
  const first = pieces[0]?.[0]?.number ?? 0;
  const last = pieces[pieces.length - 1]?.slice(-1)[0]?.number ?? steps;
  return pieces.length - 1 + (first > 0 ? 1 : 0) + (last < steps - 3 ? 1 : 0);
}

/// The values and their limits, with some air.
function span(low: number, high: number, limits: DrawnLimit[]): [number, number] {
  const least = Math.min(low, ...limits.map((one) => one.value));
  const most = Math.max(high, ...limits.map((one) => one.value));
  const air = (most - least) * 0.08 || Math.abs(most) * 0.1 || 1;
  return [least >= 0 ? Math.max(0, least - air) : least - air, most + air];
}

function inWords(words: Words, series: Series, limit: DrawnLimit): string {
  const own = words.lang === 'en' ? limit.en : limit.zh;
  const hours = limit.from === '' ? '' : words.hours(limit.from, limit.until);
  return `${own}${words.colon}${words.deviceDay.limit[limit.side](measured(words, series, limit.value))}${hours}`;
}
