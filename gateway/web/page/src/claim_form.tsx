// The contractor claims a milestone of a building, with a document where there is one.

import { DatedForm } from './dated_form';
import { useDatedWords } from './dated_words';
import { useMilestoneKinds } from './milestone_kinds';
import { buildingName } from './sentence';
import type { Session, Site } from './site';

export function ClaimForm(props: { site: Site; session: Session; refresh: () => void }) {
  const own = useDatedWords();
  const kinds = useMilestoneKinds();
  if (kinds === null) return <p class="muted">{own.unreadable}</p>;
  const seen = kinds.filter((kind) => kind.seenByCamera);
  const subjects = props.site.buildings.map((one) => ({
    id: one.id,
    name: buildingName(one),
    kinds: seen,
    storeys: one.planned,
  }));
  return <DatedForm act="claim" subjects={subjects} session={props.session} refresh={props.refresh} />;
}
