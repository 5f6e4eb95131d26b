// The milestones of a building: what is claimed, by whom, how far it is agreed, and on what evidence.

import { useState } from 'preact/hooks';

import { documentAddress } from './api';
import { StatusIcon } from './icons';
import { useWords } from './i18n';
import { milestoneName } from './milestone_words';
import { buildingName } from './sentence';
import { maySpeak } from './session';
import type { Building, Milestone, Session, Site, Statement } from './site';
import { Speak } from './speak';
import { Thumbnails, type Evidence } from './thumbnails';
import { useCalendar } from './time';
import { useViewer } from './viewer';
import { WitnessesOf } from './witnesses';
import type { Words } from './zh';

interface Around {
  building: Building;
  site: Site;
  session: Session | null;
  refresh: () => void;
  /// The heading says whose they are, because nothing around it does.
  named?: boolean;
}

const key = (one: Milestone): string => `${one.kind}/${one.storey}`;

export function Milestones(props: Around) {
  const words = useWords();
  const [all, setAll] = useState(false);
  const { building } = props;
  const heading = `milestones-${building.id}`;
  const storeys = building.milestones
    .filter((one) => one.kind === 'storey_cast')
    .sort((a, b) => b.storey - a.storey);
  const others = building.milestones
    .filter((one) => one.kind !== 'storey_cast')
    .sort((a, b) => toppingOutFirst(a) - toppingOutFirst(b) || Date.parse(b.at) - Date.parse(a.at));
  return (
    <section class="card milestones" aria-labelledby={props.named === true ? heading : `${heading} sentence-${building.id}`}>
      <h3 id={heading}>{props.named === true ? buildingName(building) : words.milestones}</h3>
      {building.milestones.length === 0 ? (
        <p class="empty">{words.milestonesNone}</p>
      ) : props.named === true ? null : (
        <p class="muted">{words.milestonesMore}</p>
      )}
      <ol class="rows">
        {[...others, ...(all ? storeys : storeys.slice(0, 1))].map((one) => (
          <Row key={key(one)} milestone={one} {...props} />
        ))}
      </ol>
      {storeys.length > 1 ? (
        <button type="button" class="plain wide" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? words.showLess : words.showAll(storeys.length)}
        </button>
      ) : null}
    </section>
  );
}

const toppingOutFirst = (one: Milestone): number => (one.kind === 'topping_out' ? 0 : 1);

/// A camera's proposal names the picture that decided it, its overlay, and last the picture from
/// before it was so.
function pairOf(milestone: Milestone): { before: string; after: string; overlay: string } | null {
  const proposal = milestone.statements.find((one) => one.act === 'propose' && one.evidence.length === 3);
  const [after = '', overlay = '', before = ''] = proposal?.evidence ?? [];
  return before === '' || after === before ? null : { before, after, overlay };
}

/// What is shown, oldest first where that is known.
function evidenceOf(words: Words, milestone: Milestone): Evidence[] {
  const all = new Set(milestone.statements.flatMap((one) => one.evidence));
  const pair = pairOf(milestone);
  const shown: Evidence[] = [];
  if (pair !== null) {
    shown.push({ name: pair.before, label: words.before }, { name: pair.after, label: words.after });
    all.delete(pair.before);
    all.delete(pair.after);
  }
  return [...shown, ...[...all].map((name) => ({ name, label: '' }))];
}

/// What the camera that proposed it saw before and after, one over the other.
function BeforeAfterOf(props: { milestone: Milestone; of: string }) {
  const words = useWords();
  const show = useViewer();
  const pair = pairOf(props.milestone);
  if (pair === null) return null;
  const caption = `${props.of} · ${words.before} / ${words.after}`;
  return (
    <p>
      <button
        type="button"
        class="plain before-after-open"
        onClick={() => show({ caption, picture: pair.after, overlay: pair.overlay, before: pair.before })}
      >
        {words.history.slide}
      </button>
    </p>
  );
}

function Row(props: Around & { milestone: Milestone }) {
  const words = useWords();
  const calendar = useCalendar();
  const { milestone, building, session } = props;
  const name = milestoneName(words, milestone);
  const heading = `milestone-${building.id}-${milestone.kind}-${milestone.storey}`;
  const evidence = evidenceOf(words, milestone);
  return (
    <li class="row" data-milestone={milestone.kind} data-status={milestone.status}>
      <div class="row-head">
        <h4 id={heading}>{name}</h4>
        <span class={`chip chip-${milestone.status}`}>
          <StatusIcon status={milestone.status} />
          {words.status[milestone.status]}
        </span>
      </div>
      <p class="row-day">
        <span class="visually-hidden">{words.named}</span>
        {calendar.day(milestone.at)}
      </p>
      <p class="muted row-meaning">{words.statusMeaning[milestone.status]}</p>
      <ul class="statements" aria-label={words.sources}>
        {milestone.statements.map((one, index) => (
          <Said key={one.ledgerIndex ?? `s${index}`} statement={one} site={props.site} session={session} />
        ))}
        <WitnessesOf milestone={milestone} site={props.site} />
      </ul>
      {evidence.length === 0 ? null : <Thumbnails shown={evidence} of={name} />}
      <BeforeAfterOf milestone={milestone} of={name} />
      {maySpeak(session) ? (
        <Speak
          building={building.id}
          what={`${buildingName(building)} · ${name}`}
          heading={heading}
          milestone={milestone}
          session={session}
          refresh={props.refresh}
        />
      ) : null}
    </li>
  );
}

function Said(props: { statement: Statement; site: Site; session: Session | null }) {
  const words = useWords();
  const calendar = useCalendar();
  const { statement } = props;
  const owner = words.owners[statement.owner] ?? statement.owner;
  // Persons stand in the record as hashes; only devices and cameras have a name to show.
  const source = props.site.devices.find((one) => one.id === statement.by);
  const act = words.acts[statement.act] ?? statement.act;
  return (
    <li>
      <span class={`owner owner-${statement.owner}`}>{owner}</span>{' '}
      {source === undefined ? '' : `${source.name || source.id} `}
      {words.statement(act, calendar.day(statement.at))}
      <span class="muted statement-more">
        {statement.said === '' ? '' : words.saidAt(calendar.minute(statement.said))}
        {statement.ledgerIndex === null ? '' : ` · ${words.record(statement.ledgerIndex)}`}
        {statement.document === '' ? null : ' · '}
        {statement.document === '' ? null : <DocumentOf statement={statement} session={props.session} />}
        {statement.hasComment ? ` · ${words.commented}` : ''}
      </span>
      {statement.contradictedBy.length === 0 ? null : (
        <span class="statement-more">
          {words.contradicted(
            words.list(statement.contradictedBy.map((id) => props.site.devices.find((one) => one.id === id)?.name || id)),
          )}
        </span>
      )}
    </li>
  );
}

/// A document may show names and faces: the box gives it to people who signed in.
function DocumentOf(props: { statement: Statement; session: Session | null }) {
  const words = useWords();
  if (props.session === null || props.session.id === '') return <>{words.documented}</>;
  return (
    <a class="link" href={documentAddress(props.statement.document)} target="_blank" rel="noreferrer">
      {words.openDocument}
    </a>
  );
}
