// Where the part of the page that is a role's alone appears once it has come: nobody else's phone
// carries it.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useWords } from './i18n';
import type { Session, Site } from './site';

type Part = ComponentType<{ site: Site; session: Session; refresh: () => void }>;

const parts: Record<string, () => Promise<Part>> = {
  contractor: () => import('./contractor').then((own) => own.ContractorPart),
  operator: () => import('./operator').then((own) => own.OperatorPart),
};

export function OwnPlace(props: { site: Site; session: Session; refresh: () => void }) {
  const words = useWords();
  const [part, setPart] = useState<{ Part: Part } | 'failed' | null>(null);
  const { role } = props.session;
  useEffect(() => {
    parts[role]?.().then(
      (Part) => setPart({ Part }),
      () => setPart('failed'),
    );
  }, [role]);
  if (part === null) return null;
  if (part === 'failed') return <p class="notice notice-warning">{words.sectionFailed}</p>;
  return <part.Part {...props} />;
}
