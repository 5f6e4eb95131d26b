// What documents tell of the project, its phases and facilities: shown to all, confirmed by the
// supervision group like everything else, recorded by the operator.

import { Milestones } from './milestones';
import { useWords } from './i18n';
import type { Building, Session, Site, Whole } from './site';

/// Milestones are shown and spoken of alike, whatever they are said of.
const asSubject = (whole: Whole): Building => ({
  id: whole.id,
  name: whole.name,
  planned: 0,
  estimate: null,
  publicPicture: null,
  witnesses: [],
  plan: null,
  forecast: null,
  milestones: whole.milestones,
});

export function Documents(props: { site: Site; session: Session | null; refresh: () => void }) {
  const words = useWords();
  const say = words.clocks;
  const { site, session } = props;
  const told = site.wholes.filter((one) => one.milestones.length > 0);
  if (told.length === 0 && session?.role !== 'operator') return null;
  return (
    <section class={told.length === 0 ? 'card documents' : 'documents'} aria-labelledby="documents-title">
      <h2 id="documents-title">{say.documents}</h2>
      <p class="muted">{say.documentsMore}</p>
      {told.length === 0 ? <p class="empty">{say.documentsNone}</p> : null}
      {told.map((one) => (
        <Milestones key={one.id} {...props} building={asSubject(one)} named />
      ))}
    </section>
  );
}
