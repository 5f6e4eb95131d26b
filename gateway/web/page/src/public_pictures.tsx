// What the operator's switch for pictures means to somebody who only looks.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import { useWords } from './i18n';
import type { PublicPictures } from './site';

const live: PublicPictures = { shown: 'live', delayHours: 0 };

/// What holds for this visitor: live for people who signed in.
export const PublicRule = createContext<PublicPictures>(live);
export const ruleFor = (rule: PublicPictures, signedIn: boolean): PublicPictures => (signedIn ? live : rule);

function useTold(): { short: string; more: string } | null {
  const { delayed, stopped, more } = useWords().publicPictures;
  const { shown, delayHours } = useContext(PublicRule);
  if (shown === 'live') return null;
  return { short: shown === 'stopped' ? stopped : delayed(delayHours), more };
}

export function PublicPicturesNotice() {
  const told = useTold();
  if (told === null) return null;
  return (
    <p class="notice page-notice" data-notice="pictures">
      <strong>{told.short}</strong>
      <span>{told.more}</span>
    </p>
  );
}

/// In the place of a picture that did not come.
export function PictureMissing() {
  const words = useWords();
  return <>{useTold()?.short ?? words.pictureMissing}</>;
}
