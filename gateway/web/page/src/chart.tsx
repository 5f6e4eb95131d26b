// Storeys over days: a step line with the range the box thought possible, the state of each storey
// below it, and the milestones on it.
// One slider walks through the days, by finger, mouse or keyboard.

import { useEffect, useState } from 'preact/hooks';

import { nearest, type Told } from './history';
import { useWords } from './i18n';
import { milestoneName } from './milestone_words';
import { castStoreys } from './sentence';
import { Pictures } from './pictures';
import { plannedDay, type Plan } from './plan';
import { PlanLine, PlanSaid } from './plan_line';
import type { Building, History, HistoryPoint, Milestone } from './site';
import { dayUpTo, StoreyBands, stoodOn } from './storey_bands';
import { runsOf, sayRun } from './storey_runs';
import { useCalendar, type Calendar } from './time';

const day = 86_400_000;
// The slider lies under the curve: its thumb stands below the chosen day.
const notches = 1000;
const thumb = 9;
const margin = { left: 34, right: 16, top: 34, bottom: 28 };

function useWidth(): [(element: HTMLDivElement | null) => void, number] {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element === null) return;
    const measure = (): void => setWidth(Math.floor(element.clientWidth));
    measure();
    if (typeof ResizeObserver === 'undefined') {
      window.addEventListener('resize', measure);
      return () => window.removeEventListener('resize', measure);
    }
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}

export function Chart(props: { building: Building; told: Told }) {
  const words = useWords();
  const { history, failed } = props.told;
  const [place, width] = useWidth();
  const heading = `chart-${props.building.id}`;
  const points = history?.points ?? [];
  return (
    <section class="card chart" aria-labelledby={`${heading} sentence-${props.building.id}`}>
      <h3 id={heading}>{words.chart}</h3>
      <p class="muted">{words.chartMore}</p>
      {props.building.plan === null ? null : (
        <PlanSaid building={props.building} plan={props.building.plan} points={points} />
      )}
      <div ref={place} class="chart-place">
        {history === null || points.length < 2 || width === 0 ? (
          <p class="empty">{failed && history === null ? words.chartFailed : words.chartEmpty}</p>
        ) : (
          <Curve building={props.building} history={history} width={width} />
        )}
      </div>
    </section>
  );
}

/// Where a day and a height stand in the drawing, in px.
export interface Scale {
  from: number; // the first day that is shown
  x: (at: number) => number;
  y: (storeys: number) => number;
}

interface Tick {
  at: number;
  label: string;
}

const niceSteps = [1, 2, 3, 5, 10, 20, 50];

function Curve(props: { building: Building; history: History; width: number }) {
  const words = useWords();
  const calendar = useCalendar();
  const [chosen, setChosen] = useState<number | null>(null);
  const { building, width } = props;
  const { points, days } = props.history;
  const height = width < 520 ? 260 : 400;

  const first = points[0] as HistoryPoint;
  const last = points[points.length - 1] as HistoryPoint;
  const from = Date.parse(first.at);
  const seen = Math.max(Date.parse(last.at), from + day);
  const ahead = forecastOf(building, last);
  const to = Math.max(seen, ahead?.late ?? seen, building.plan?.toppingOut ?? seen);
  const planned = building.planned;
  const ceiling = Math.max(planned, ...points.map((point) => point.high), 1);
  const plotWidth = width - margin.left - margin.right;
  const plotHeight = height - margin.top - margin.bottom;
  const x = (at: number): number => margin.left + ((at - from) / (to - from)) * plotWidth;
  const y = (storeys: number): number => margin.top + (1 - storeys / ceiling) * plotHeight;

  const steps = (height_: (point: HistoryPoint) => number): string =>
    points
      .map((point, index) => {
        const px = x(Date.parse(point.at)).toFixed(1);
        const py = y(height_(point)).toFixed(1);
        return index === 0 ? `${px} ${py}` : `H${px}V${py}`;
      })
      .join('');
  const line = `M${steps((point) => point.storeys)}`;
  const upper = `M${steps((point) => point.high)}`;
  const lower = [...points]
    .reverse()
    .map((point, index, all) => {
      const before = all[index + 1];
      const back = before === undefined ? '' : `V${y(before.low).toFixed(1)}`;
      return `${index === 0 ? `V${y(point.low).toFixed(1)}` : `H${x(Date.parse(point.at)).toFixed(1)}`}${back}`;
    })
    .join('');

  const stepY = niceSteps.find((step) => (step / ceiling) * plotHeight >= 30) ?? 100;
  const rows: number[] = [];
  for (let n = 0; n <= ceiling; n += stepY) {
    if (n === planned || Math.abs(n - planned) * (plotHeight / ceiling) > 18) rows.push(n);
  }
  const columns = dayTicks(from, to, plotWidth, calendar);
  const marks = building.milestones.filter(
    (one) => one.status !== 'withdrawn' && inside(Date.parse(one.at), from, to),
  );

  const at = Math.min(chosen ?? points.length - 1, points.length - 1);
  const point = points[at] as HistoryPoint;
  const choose = (event: PointerEvent): void => {
    if (!(event.currentTarget instanceof SVGElement)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const when = from + ((event.clientX - box.left - margin.left) / plotWidth) * (to - from);
    setChosen(nearest(points, when));
  };
  const readout = words.chartAt(calendar.day(point.at), castStoreys(words, point));
  const stood = runsOf(dayUpTo(days, Date.parse(point.at))?.bands ?? []).filter((run) => run.band !== 'background').reverse();
  return (
    <>
      <svg
        class="curve"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={words.chartAlt(
          calendar.day(first.at),
          castStoreys(words, first),
          calendar.day(last.at),
          castStoreys(words, last),
          planned,
        )}
        onPointerDown={choose}
        onPointerMove={(event) => {
          if (event.buttons > 0 || event.pointerType === 'mouse') choose(event);
        }}
      >
        {days.length === 0 ? null : <StoreyBands days={days} until={seen} scale={{ from, x, y }} />}
        {rows.map((n) => (
          <g key={n}>
            <path class="grid" d={`M${margin.left} ${y(n)}H${width - margin.right}`} />
            {n === planned ? null : (
              <text class="axis axis-y" x={margin.left - 8} y={y(n) + 5}>
                {n}
              </text>
            )}
          </g>
        ))}
        <path class="planned" d={`M${margin.left} ${y(planned)}H${width - margin.right}`} />
        <text class="axis axis-y axis-planned" x={margin.left - 8} y={y(planned) + 5}>
          {planned}
        </text>
        {columns.map((tick) => (
          <g key={tick.at}>
            <path class="tick" d={`M${x(tick.at)} ${y(0)}v5`} />
            <text class="axis axis-x" x={x(tick.at)} y={height - 7}>
              {tick.label}
            </text>
          </g>
        ))}
        {building.plan === null ? null : <PlanLine plan={building.plan} storeys={planned} scale={{ from, x, y }} />}
        <path class="range" d={`${upper}${lower}Z`} />
        <path class="line" d={line} />
        {ahead === null ? null : (
          <g class="ahead">
            <path class="ahead-range" d={`M${x(seen)} ${y(last.storeys)}L${x(ahead.early)} ${y(planned)}H${x(ahead.late)}Z`} />
            <path class="ahead-line" d={`M${x(seen)} ${y(last.storeys)}L${x(ahead.at)} ${y(planned)}`} />
          </g>
        )}
        {points.map((one) =>
          one.usable ? null : (
            <path key={one.at} class="refused-tick" d={`M${x(Date.parse(one.at))} ${y(0) - 1}v-7`} />
          ),
        )}
        <Marks marks={marks} x={x} y={y} width={width} />
        <g class="cursor">
          <path d={`M${x(Date.parse(point.at))} ${margin.top - 4}V${y(0)}`} />
          <circle cx={x(Date.parse(point.at))} cy={y(point.storeys)} r="5.5" />
        </g>
      </svg>
      <div class="chart-walk">
        <label>
          <span class="visually-hidden">{words.chartSlider}</span>
          <input
            type="range"
            min={0}
            max={notches}
            step={1}
            value={Math.round(((Date.parse(point.at) - from) / (to - from)) * notches)}
            style={{ marginLeft: `${margin.left - thumb}px`, width: `${plotWidth + 2 * thumb}px` }}
            aria-valuetext={readout}
            onInput={(event) =>
              setChosen(nearest(points, from + (Number(event.currentTarget.value) / notches) * (to - from)))
            }
            onKeyDown={(event) => {
              const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
              if (by === undefined) return;
              event.preventDefault();
              setChosen(Math.min(Math.max(at + by, 0), points.length - 1));
            }}
          />
        </label>
        <div class="chart-readout">
          <p>
            <strong>{readout}</strong>
          </p>
          <p class="muted">{words.list(stood.map((run) => sayRun(words, run)))}</p>
        </div>
      </div>
      <ul class="chart-legend">
        <Key shape={<path class="line" d="M1 14H9V6H23" />}>{words.chartLegend.storeys}</Key>
        <Key shape={<rect class="range" x="1" y="4" width="22" height="12" />}>
          {words.chartLegend.interval}
        </Key>
        <Key shape={<path class="planned" d="M1 10H23" />}>{words.chartLegend.planned}</Key>
        {stoodOn(days).map((band) => (
          <Key key={band} shape={<rect class={`stood stood-${band}`} x="1" y="3" width="22" height="14" />}>
            {words.bands[band]}
          </Key>
        ))}
        {building.plan === null ? null : (
          <Key shape={<path class="plan-line" d="M1 17L23 3" />}>{words.plan.legend}</Key>
        )}
        {ahead === null ? null : (
          <Key shape={<path class="ahead-line" d="M1 16L23 4" />}>{words.history.pace}</Key>
        )}
        {marks.length === 0 ? null : (
          <Key shape={<path class="mark-dot" d="M12 4l6 6-6 6-6-6z" />}>{words.chartLegend.milestone}</Key>
        )}
        {points.every((one) => one.usable) ? null : (
          <Key shape={<path class="refused-tick" d="M12 5v10" />}>{words.chartLegend.refused}</Key>
        )}
      </ul>
      <Pictures building={building} points={points} at={at} choose={setChosen} />
      <StoreyDays points={points} planned={planned} plan={building.plan} />
    </>
  );
}

/// Where the line goes if the pace stays; null: the box does not foretell it.
function forecastOf(building: Building, last: HistoryPoint): { at: number; early: number; late: number } | null {
  const { forecast } = building;
  if (forecast === null || forecast.day === '') return null;
  const at = Date.parse(forecast.day);
  if (at <= Date.parse(last.at)) return null;
  return { at, early: Math.max(Date.parse(forecast.early) || at, Date.parse(last.at)), late: Date.parse(forecast.late) || at };
}

const inside = (at: number, from: number, to: number): boolean => at >= from - day && at <= to + day;

function dayTicks(
  from: number,
  to: number,
  plotWidth: number,
  calendar: Calendar,
): Tick[] {
  const room = 84;
  const days = (to - from) / day;
  const most = Math.max(2, Math.floor(plotWidth / room));
  const ticks: Tick[] = [];
  const noon = (at: number): number => Math.floor(at / day) * day + day / 2;
  if (days < 50) {
    const step = niceSteps.find((n) => days / n <= most) ?? 50;
    for (let at = noon(from) + day; at < to - (days / plotWidth) * day * 20; at += step * day) {
      ticks.push({ at, label: calendar.shortDay(at) });
    }
    return ticks;
  }
  const step = [1, 2, 3, 4, 6, 12, 24].find((n) => days / 30.4 / n <= most) ?? 60;
  const start = new Date(from);
  for (let n = 1; ; n += step) {
    const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + n, 1, 12);
    if (at > to - (days / plotWidth) * day * 20) return ticks;
    const first = ticks.length === 0 || new Date(at).getUTCMonth() < step;
    ticks.push({ at, label: first ? calendar.yearMonth(at) : calendar.month(at) });
  }
}

/// Storeys cast as dots on the line, everything else as a flag with its name where there is room.
function Marks(props: {
  marks: Milestone[];
  x: (at: number) => number;
  y: (storeys: number) => number;
  width: number;
}) {
  const words = useWords();
  const { marks, x, y, width } = props;
  const flags = marks
    .filter((one) => one.kind !== 'storey_cast')
    .sort((a, b) => rank(a) - rank(b) || Date.parse(a.at) - Date.parse(b.at));
  const taken: { from: number; to: number }[] = [];
  return (
    <g class="marks">
      {marks
        .filter((one) => one.kind === 'storey_cast')
        .map((one) => (
          <circle
            key={`${one.storey}`}
            class={`mark-dot mark-${one.status}`}
            cx={x(Date.parse(one.at))}
            cy={y(one.storey)}
            r="3"
          />
        ))}
      {flags.map((one) => {
        const at = Math.min(Math.max(x(Date.parse(one.at)), margin.left), width - margin.right);
        const name = milestoneName(words, one);
        const half = (breadth(name) + 12) / 2;
        const centre = Math.min(Math.max(at, half), width - half);
        const free = !taken.some((other) => centre - half < other.to && centre + half > other.from);
        if (free) taken.push({ from: centre - half, to: centre + half });
        return (
          <g key={`${one.kind}/${one.storey}`}>
            <path class="mark-line" d={`M${at} ${margin.top - 4}V${y(0)}`} />
            <path class={`mark-dot mark-${one.status}`} d={`M${at} ${margin.top - 11}l6 6-6 6-6-6z`} />
            {free ? (
              <text class="mark-name" x={centre} y={margin.top - 17}>
                {name}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}

const rank = (one: Milestone): number => (one.kind === 'topping_out' ? 0 : 1);

/// About how wide a name is at 14 px.
const breadth = (name: string): number =>
  [...name].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? 14 : 7.6), 0);

function Key(props: { shape: preact.ComponentChildren; children: preact.ComponentChildren }) {
  return (
    <li>
      <svg width="24" height="20" viewBox="0 0 24 20" aria-hidden="true" focusable="false">
        {props.shape}
      </svg>
      {props.children}
    </li>
  );
}

function StoreyDays(props: { points: HistoryPoint[]; planned: number; plan: Plan | null }) {
  const { plan } = props;
  const words = useWords();
  const calendar = useCalendar();
  const days: { storey: number; at: string }[] = [];
  let reached = Math.round(props.points[0]?.storeys ?? 0);
  for (const point of props.points) {
    const now = Math.min(Math.round(point.storeys), props.planned);
    for (; reached < now; reached += 1) days.push({ storey: reached + 1, at: point.at });
  }
  if (days.length === 0) return null;
  return (
    <details class="more">
      <summary>{words.chartTable}</summary>
      <p class="muted">{words.chartTableNote}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.chartTableStorey}</th>
            <th scope="col">{words.chartTableDay}</th>
            {plan === null ? null : <th scope="col">{words.plan.column}</th>}
          </tr>
        </thead>
        <tbody>
          {days.reverse().map(({ storey, at }) => (
            <tr key={storey}>
              <th scope="row">{storey}</th>
              <td>{calendar.day(at)}</td>
              {plan === null ? null : <td>{calendar.day(plannedDay(plan, storey, props.planned))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
