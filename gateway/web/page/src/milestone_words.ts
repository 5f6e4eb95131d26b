// How a milestone is called.

import type { Milestone } from './site';
import type { Words } from './zh';

export function milestoneName(words: Words, milestone: Milestone): string {
  if (milestone.kind === 'storey_cast') return words.storeyCast(milestone.storey);
  const given = words.lang === 'en' ? milestone.en : milestone.zh;
  const name = given || milestone.kind;
  return words.lang === 'en' ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}
