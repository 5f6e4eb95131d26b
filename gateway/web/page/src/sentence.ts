// One sentence that says where a building stands.

import type { Building, Estimate } from './site';
import type { Words } from './zh';

/// "12", or "12–13" when the box is not sure.
export function castStoreys(words: Words, estimate: { storeys: number; low: number; high: number }): string {
  const low = Math.round(estimate.low);
  const high = Math.round(estimate.high);
  return low === high
    ? String(Math.round(estimate.storeys))
    : words.range(String(low), String(high));
}

const toppedOutConfirmed = (building: Building): boolean =>
  building.milestones.some((one) => one.kind === 'topping_out' && one.status === 'confirmed');

function state(words: Words, building: Building, estimate: Estimate | null): string {
  if (estimate === null) return words.sentence.none;
  switch (estimate.stage) {
    case null:
      return words.sentence.unknown;
    case 'superstructure':
      return words.sentence.superstructure(castStoreys(words, estimate), building.planned);
    case 'topped_out':
      return toppedOutConfirmed(building)
        ? words.sentence.topped_out_confirmed(building.planned)
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

export const sentence = (words: Words, building: Building): string =>
  sentenceParts(words, building).join('');
