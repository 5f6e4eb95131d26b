// The building drawn storey by storey, each in the state that the box sees it in.

import { useId } from 'preact/hooks';

import { useWords } from './i18n';
import { castStoreys, sentence } from './sentence';
import { bands, type Band, type Building } from './site';
import { runsOf, sayRun } from './storey_runs';

function statesOf(building: Building): Band[] {
  const seen = building.estimate?.bands ?? [];
  const planned = Math.min(building.planned, 200);
  return Array.from({ length: planned }, (_, index): Band => seen[index] ?? 'background');
}

const gutter = 34;
const wall = 150;
const bays = 5;
const right = 96;
const sky = 34;
const earth = 20;

export function FacadeDrawing(props: { building: Building }) {
  const words = useWords();
  const net = useId();
  const soil = useId();
  const { building } = props;
  const estimate = building.estimate;
  const states = statesOf(building);
  const storey = Math.min(24, Math.max(7, Math.floor(400 / Math.max(1, states.length))));
  const height = sky + storey * states.length + earth;
  const width = gutter + wall + right;
  const ground = height - earth;
  const top = (n: number): number => ground - n * storey;
  const every = [1, 2, 3, 5, 10, 20, 50].find((step) => step * storey >= 22) ?? 50;
  const cast = estimate === null ? 0 : Math.round(estimate.storeys);
  const toppedOut = building.milestones.some(
    (one) => one.kind === 'topping_out' && one.status === 'confirmed',
  );
  const low = Math.round(estimate?.low ?? 0);
  const high = Math.min(Math.round(estimate?.high ?? 0), states.length); // more may be built than planned
  const edge = gutter + wall;
  return (
    <svg
      class="facade"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={words.drawing(sentence(words, building), runsOf(states).map((run) => sayRun(words, run)))}
    >
      <defs>
        <pattern id={net} width="6" height="6" patternUnits="userSpaceOnUse">
          <path class="net-thread" d="M0 0L6 6M6 0L0 6" />
        </pattern>
        <pattern id={soil} width="8" height="8" patternUnits="userSpaceOnUse">
          <path class="soil-line" d="M0 8L8 0" />
        </pattern>
      </defs>
      <rect x="0" y={ground} width={width} height={earth} class="soil" />
      <rect x="0" y={ground} width={width} height={earth} fill={`url(#${soil})`} />
      {states.map((band, index) => (
        <Storey
          key={index}
          band={band}
          y={top(index + 1)}
          height={storey}
          net={`url(#${net})`}
        />
      ))}
      <path class="ground" d={`M0 ${ground}H${width}`} />
      {states.map((_, index) => {
        const n = index + 1;
        const near = estimate !== null && Math.abs(n - cast) * storey < 14 && n !== cast;
        return n % every === 0 && !near && n !== cast ? (
          <text key={n} class="storey-number" x={gutter - 8} y={top(n) + storey / 2 + 5}>
            {n}
          </text>
        ) : null;
      })}
      {cast > 0 ? (
        <text class="storey-number storey-now" x={gutter - 8} y={top(cast) + storey / 2 + 5}>
          {cast}
        </text>
      ) : null}
      {estimate !== null && high > low ? (
        <path class="interval" d={`M${edge + 4} ${top(high)}h6V${top(low)}h-6`} />
      ) : null}
      {estimate !== null && cast > 0 ? (
        <g>
          <path class="level" d={`M${gutter - 4} ${top(cast)}H${edge + 56}`} />
          <path class="level-mark" d={`M${edge + 17} ${top(cast) - 1}l-6 -9h12z`} />
          <text class="level-text" x={edge + 27} y={top(cast) - 5}>
            {words.castMark(castStoreys(words, estimate))}
          </text>
        </g>
      ) : null}
      {toppedOut ? (
        <g>
          <path class="ribbon" d={`M${gutter - 3} ${top(states.length) - 5}h${wall + 6}v6h-${wall + 6}z`} />
          <path class="pole" d={`M${gutter + wall / 2} ${top(states.length) - 5}v-24`} />
          <path class="ribbon" d={`M${gutter + wall / 2} ${top(states.length) - 29}l20 6l-20 6z`} />
        </g>
      ) : null}
    </svg>
  );
}

function Storey(props: { band: Band; y: number; height: number; net: string }) {
  const { band, y, height, net } = props;
  const bay = wall / bays;
  const each = Array.from({ length: bays }, (_, index) => gutter + index * bay);
  const slab = height >= 14 ? 3 : 2;
  const room = height - slab;
  if (band === 'background') {
    return <rect class="ghost" x={gutter + 0.5} y={y + 0.5} width={wall - 1} height={height - 1} />;
  }
  if (band === 'working') {
    return (
      <g>
        <rect class="net" x={gutter - 4} y={y} width={wall + 8} height={height} />
        <rect fill={net} x={gutter - 4} y={y} width={wall + 8} height={height} />
        <path class="net-rail" d={`M${gutter - 4} ${y + 0.75}h${wall + 8}`} />
      </g>
    );
  }
  return (
    <g>
      <rect class={`wall wall-${band}`} x={gutter} y={y} width={wall} height={height} />
      {each.map((x) =>
        band === 'frame' ? (
          <rect key={x} class="opening" x={x + 3} y={y + slab} width={bay - 6} height={room} />
        ) : (
          <g key={x}>
            <rect
              class={`window window-${band}`}
              x={x + bay * 0.24}
              y={y + slab + room * 0.2}
              width={bay * 0.52}
              height={room * 0.6}
            />
            {band === 'facade' && room > 8 ? (
              <path
                class="window-bar"
                d={`M${x + bay / 2} ${y + slab + room * 0.2}v${room * 0.6}`}
              />
            ) : null}
          </g>
        ),
      )}
      <rect class={`slab slab-${band}`} x={gutter} y={y} width={wall} height={slab} />
    </g>
  );
}

/// What each pattern means, and which storeys are in that state now.
export function FacadeLegend(props: { building: Building }) {
  const words = useWords();
  const runs = runsOf(statesOf(props.building));
  return (
    <ul class="legend" aria-label={words.legend}>
      {[...bands].reverse().map((band) => {
        const here = runs.filter((run) => run.band === band);
        return (
          <li key={band} class={here.length === 0 ? 'legend-absent' : undefined}>
            <Swatch band={band} />
            <span class="legend-name">{words.bands[band]}</span>
            <span class="legend-storeys">
              {here.length === 0
                ? '—'
                : words.list(here.map((run) => words.storeyRange(run.low, run.high)))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Swatch(props: { band: Band }) {
  const net = useId();
  return (
    <svg class="swatch" width="30" height="22" viewBox={`${gutter + 30} 0 30 22`} aria-hidden="true" focusable="false">
      <defs>
        <pattern id={net} width="6" height="6" patternUnits="userSpaceOnUse">
          <path class="net-thread" d="M0 0L6 6M6 0L0 6" />
        </pattern>
      </defs>
      {props.band === 'background' ? (
        <rect class="ghost" x={gutter + 30.5} y="0.5" width="29" height="21" />
      ) : (
        <Storey band={props.band} y={0} height={22} net={`url(#${net})`} />
      )}
    </svg>
  );
}
