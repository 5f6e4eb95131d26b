// Where the operator's part appears once it has come.

import { useEffect, useState } from 'preact/hooks';

import { useWords } from './i18n';
import { mayRecord } from './session';
import type { Session, Site } from './site';

type Part = typeof import('./operator').OperatorPart;

export function OperatorPlace(props: { site: Site; session: Session | null; refresh: () => void }) {
  const words = useWords();
  const [part, setPart] = useState<{ Part: Part } | 'failed' | null>(null);
  const { session } = props;
  const wanted = mayRecord(session);
  useEffect(() => {
    if (!wanted) return;
    import('./operator').then(
      ({ OperatorPart }) => setPart({ Part: OperatorPart }),
      () => setPart('failed'),
    );
  }, [wanted]);
  if (!mayRecord(session) || part === null) return null;
  if (part === 'failed') return <p class="notice notice-warning">{words.sectionFailed}</p>;
  return <part.Part site={props.site} session={session} refresh={props.refresh} />;
}
