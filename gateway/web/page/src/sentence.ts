// One sentence that says where a building stands.

import type { Forecast } from './policy';
import type { Building, CameraWord, Estimate } from './site';
import type { Words } from './zh';

/// A figure with its interval; who says nothing of how sure it is, is as sure as the interval is narrow.
interface Counted {
  storeys: number;
  low: number;
  high: number;
  confidence?: number | null;
  camerasDisagree?: boolean;
}

/// As sure as this the box names one figure; the interval is drawn all the same.
const sure = 0.95;

export const isSure = (counted: Counted): boolean =>
  Math.round(counted.low) === Math.round(counted.high) ||
  (counted.camerasDisagree !== true && (counted.confidence ?? 0) >= sure);

/// "12", or "12–13" when the box is not sure.
export function castStoreys(words: Words, counted: Counted): string {
  return isSure(counted)
    ? String(Math.round(counted.storeys))
    : words.range(String(Math.round(counted.low)), String(Math.round(counted.high)));
}

/// The year is named where it is not the picture's.
function forecastInWords(words: Words, forecast: Forecast | null, estimate: Estimate): string {
  if (forecast === null || forecast.day === '') return '';
  const year = forecast.day.slice(0, 4) === estimate.at.slice(0, 4) ? {} : { year: 'numeric' as const };
  const month = words.lang === 'en' ? ('short' as const) : ('long' as const);
  const style = { timeZone: 'UTC', month, day: 'numeric' as const, ...year };
  return words.sentence.forecast(new Intl.DateTimeFormat(words.lang, style).format(Date.parse(forecast.day)));
}

const toppedOutConfirmed = (building: Building): boolean =>
  building.milestones.some((one) => one.kind === 'topping_out' && one.status === 'confirmed');

/// Nobody sees a roof that is out of the picture: whether it stands is reckoned from the pace.
const toppedOutReckoned = (building: Building, estimate: Estimate): boolean =>
  estimate.low < building.planned && estimate.cameras.some((word) => word.grounds['by_pace'] !== undefined);

function state(words: Words, building: Building, estimate: Estimate | null): string {
  if (estimate === null) return words.sentence.none;
  switch (estimate.stage) {
    case null:
      return words.sentence.unknown;
    case 'superstructure':
      return (
        words.sentence.superstructure(castStoreys(words, estimate), building.planned) +
        forecastInWords(words, building.forecast, estimate)
      );
    case 'topped_out':
      if (toppedOutConfirmed(building)) return words.sentence.topped_out_confirmed(building.planned);
      return toppedOutReckoned(building, estimate)
        ? words.sentence.topped_out_reckoned(building.planned)
        : words.sentence.topped_out(building.planned);
    default:
      return words.sentence[estimate.stage](building.planned);
  }
}

export const buildingName = (building: Building): string => building.name || building.id;

/// Which building, and how far it is: a line breaks best between the two.
export const sentenceParts = (words: Words, building: Building): [string, string] => [
  buildingName(building) + words.colon,
  state(words, building, building.estimate),
];

/// A sum of figures as they are written is right for whoever checks it.
const tenths = (value: number): string => (Math.round(value * 10) / 10).toFixed(1);

/// What one camera's figure rests on: what its last good picture shows, then what else counted.
export function groundsInWords(words: Words, word: CameraWord): string[] {
  const { grounds } = word;
  const said: string[] = [];
  const say = (name: string, sentence: (value: number) => string): boolean => {
    const value = grounds[name];
    if (value !== undefined) said.push(sentence(value));
    return value !== undefined;
  };
  const edge = grounds['top_edge'];
  if (edge !== undefined) {
    const top = tenths(edge);
    if (!say('no_storey', () => words.grounds.noStorey) && !say('roof_stands', () => words.grounds.roof(top)))
      say('works_ahead', (ahead) =>
        words.grounds.rising(top, tenths(ahead), tenths(Number(top) - Number(tenths(ahead)))),
      );
  }
  say('outweighed', (alone) => words.grounds.outweighed(tenths(alone), Math.round(word.storeys)));
  say('told', (storeys) => words.grounds.told(storeys));
  say('view_ends', (end) => words.grounds.viewEnds(tenths(end)));
  say('by_pace', (storeys) => words.grounds.byPace(storeys));
  say('beyond_plan', (highest) => words.grounds.beyondPlan(tenths(highest)));
  say('stood_before', (storeys) => words.grounds.stoodBefore(storeys));
  say('light_unknown', () => words.grounds.light);
  say('counted', (storeys) => words.grounds.counted(storeys));
  say('went_back_from', (storeys) => words.grounds.wentBack(storeys));
  return said;
}

export const sentence = (words: Words, building: Building): string =>
  sentenceParts(words, building).join('');
