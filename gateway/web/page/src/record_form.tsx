// The operator records a date that a document shows: of the project, a phase, a facility, a building.

import { DatedForm, type Subject } from './dated_form';
import { useDatedWords } from './dated_words';
import { useMilestoneKinds, type MilestoneKind } from './milestone_kinds';
import { buildingName } from './sentence';
import type { Session, Site } from './site';

/// That of a facility is its own.
const facilityReady = 'facility_ready';

function subjectsOf(site: Site, kinds: MilestoneKind[]): Subject[] {
  const documentary = kinds.filter((kind) => kind.documentary && kind.id !== facilityReady);
  const ready = kinds.filter((kind) => kind.id === facilityReady);
  return [
    ...site.wholes.map((one) => ({
      id: one.id,
      name: one.name || one.id,
      kinds: one.kind === 'facility' ? ready : documentary,
      storeys: 0,
    })),
    ...site.buildings.map((one) => ({ id: one.id, name: buildingName(one), kinds: documentary, storeys: 0 })),
  ];
}

export function RecordForm(props: { site: Site; session: Session; refresh: () => void }) {
  const own = useDatedWords();
  const kinds = useMilestoneKinds();
  if (kinds === null) return <p class="muted">{own.unreadable}</p>;
  return <DatedForm act="record" subjects={subjectsOf(props.site, kinds)} session={props.session} refresh={props.refresh} />;
}
