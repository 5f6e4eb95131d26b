// Why a word was not written down, as people read it.

import { Refused } from './api';
import type { RefusalCode } from './refusal_words';
import type { Words } from './zh';

/// Here the box's own line says more: which milestone lies on which day.
const explained: readonly string[] = ['out_of_order', 'not_topped_out', 'counted_already'];

export function sayFailure(words: Words, error: unknown): string {
  if (!(error instanceof Refused)) return words.sayFailed.unreachable;
  const known = words.sayFailed.refused[error.code as RefusalCode] as string | undefined;
  if (known === undefined) return words.sayFailed.other(error.message);
  return explained.includes(error.code) ? `${known} (${error.message})` : known;
}
