// Why a word was not written down, as people read it.

import { Refused } from './api';
import type { Words } from './zh';

export function sayFailure(words: Words, error: unknown): string {
  if (!(error instanceof Refused)) return words.sayFailed.unreachable;
  switch (error.status) {
    case 401:
      return words.sayFailed.expired;
    case 403:
      return words.sayFailed.forbidden;
    case 409:
      return words.sayFailed.conflict;
    case 503:
    case 507:
      return words.sayFailed.full;
    default:
      return words.sayFailed.other(error.message);
  }
}
