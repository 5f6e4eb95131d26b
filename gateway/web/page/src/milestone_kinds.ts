// The milestones there are, as the box names them.

import { useEffect, useState } from 'preact/hooks';

import { ask } from './api';
import { useWords } from './i18n';
import { fields, list, text } from './reading';
import type { Words } from './zh';

export interface MilestoneKind {
  id: string;
  zh: string;
  en: string;
  seenByCamera: boolean;
  documentary: boolean;
}

const getKinds = async (): Promise<MilestoneKind[]> =>
  list(fields(await ask('/api/v1/milestone-kinds'))['kinds'], (value) => {
    const from = fields(value);
    return {
      id: text(from['id']),
      zh: text(from['zh']),
      en: text(from['en']),
      seenByCamera: from['seen_by_camera'] === true,
      documentary: from['documentary'] === true,
    };
  });

/// Null until they have come, and where they cannot be read.
export function useMilestoneKinds(): MilestoneKind[] | null {
  const [kinds, setKinds] = useState<MilestoneKind[] | null>(null);
  useEffect(() => {
    getKinds().then(setKinds, () => undefined);
  }, []);
  return kinds;
}

export const useKindName = (): ((kind: MilestoneKind) => string) => {
  const words: Words = useWords();
  return (kind) => (words.lang === 'en' ? kind.en : kind.zh) || kind.id;
};
