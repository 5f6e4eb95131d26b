// What the supervision group found wrong: each with its state, how long it is open, and what was
// done about it.

import { useEffect, useState } from 'preact/hooks';

import './findings.css';
import { getFinding, getFindings, type Finding, type FindingStep, type WholeFinding } from './finding';
import { DoAbout, Raise } from './finding_forms';
import { useWords } from './i18n';
import { buildingName } from './sentence';
import { maySpeak } from './session';
import type { Session, Site } from './site';
import { Thumbnails, type Evidence } from './thumbnails';
import { useCalendar } from './time';
import type { Words } from './zh';

const again = 10_000; // after a list that could not be read

interface Around {
  site: Site;
  session: Session | null;
  refresh: () => void;
}

export function Findings(props: Around) {
  const words = useWords();
  const { site, session } = props;
  const { open, overdue, newest } = site.findings;
  const [found, setFound] = useState<Finding[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    getFindings().then(
      (all) => {
        if (gone) return;
        setFound(all);
        setFailed(false);
      },
      () => {
        if (gone) return;
        setFailed(true);
        timer = setTimeout(() => setAttempt((n) => n + 1), again);
      },
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [newest, overdue, session?.id, attempt]);
  return (
    <section class="card findings" aria-labelledby="findings">
      <h2 id="findings">{words.findings.title}</h2>
      <p class="muted">{words.findings.more}</p>
      {open === 0 ? null : (
        <p class={overdue === 0 ? 'findings-count' : 'findings-count findings-late'}>
          {words.findings.counts(open, overdue)}
        </p>
      )}
      {maySpeak(session) ? <Raise site={site} session={session} refresh={props.refresh} /> : null}
      {failed ? <p class="empty">{words.findings.failed}</p> : null}
      {found !== null && found.length === 0 ? <p class="empty">{words.findings.none}</p> : null}
      <ol class="rows">
        {(found ?? []).map((one) => (
          <Row key={one.id} finding={one} {...props} />
        ))}
      </ol>
    </section>
  );
}

function placeOf(words: Words, site: Site, finding: Finding): string {
  const building = site.buildings.find((one) => one.id === finding.building);
  if (building === undefined) return finding.building || words.findings.somewhere;
  const storey = finding.storey === 0 ? '' : ` · ${words.findings.storey(finding.storey)}`;
  return buildingName(building) + storey;
}

const evidence = (names: string[]): Evidence[] => names.map((name) => ({ name, label: '' }));

function Row(props: Around & { finding: Finding }) {
  const words = useWords();
  const calendar = useCalendar();
  const [open, setOpen] = useState(false);
  const { finding, session } = props;
  const heading = `finding-${finding.id}`;
  const place = placeOf(words, props.site, finding);
  const closed = finding.status === 'closed';
  return (
    <li class="row finding" data-finding={finding.id} data-status={finding.status}>
      <div class="row-head">
        <h3 id={heading}>
          {words.findings.kinds[finding.kind]} · {place}
        </h3>
        <span class={`chip chip-finding-${finding.status}`}>{words.findings.status[finding.status]}</span>
      </div>
      <p class="row-day">
        {finding.overdue ? <span class="chip chip-overdue">{words.findings.overdue}</span> : null}{' '}
        {words.findings.days(finding.daysOpen, closed)}
        {closed
          ? ''
          : ` · ${finding.due === '' ? words.findings.noDue : words.findings.due(calendar.day(`${finding.due}T04:00:00Z`))}`}
        <span class="muted"> · {words.findings.number(finding.id)}</span>
      </p>
      <Thumbnails shown={evidence(finding.photos)} of={`${words.findings.kinds[finding.kind]} · ${place}`} />
      <button type="button" class="plain finding-open" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? words.findings.hide : words.findings.details}
      </button>
      {open ? <Story finding={finding} of={place} /> : null}
      {session !== null && session.id !== '' && finding.may.length > 0 ? (
        <DoAbout finding={finding} heading={heading} session={session} refresh={props.refresh} />
      ) : null}
    </li>
  );
}

/// All steps, read when somebody wants to know, and again when there is another.
function Story(props: { finding: Finding; of: string }) {
  const words = useWords();
  const [whole, setWhole] = useState<WholeFinding | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    getFinding(props.finding.id).then(
      (read) => {
        if (!gone) setWhole(read);
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
    };
  }, [props.finding.id, props.finding.newest]);
  if (whole === null) return <p class="muted">{failed ? words.findings.failed : words.loading}</p>;
  return (
    <>
      {whole.place === '' ? null : <p class="finding-place">{whole.place}</p>}
      <ol class="statements">
        {whole.steps.map((step, index) => (
          <Step key={step.ledgerIndex ?? index} step={step} of={props.of} first={index === 0} />
        ))}
      </ol>
    </>
  );
}

function Step(props: { step: FindingStep; of: string; first: boolean }) {
  const words = useWords();
  const calendar = useCalendar();
  const { step } = props;
  const act = words.findings.acts[step.act];
  return (
    <li>
      <span class={`owner owner-${step.owner}`}>{words.owners[step.owner] ?? step.owner}</span> {act}
      {step.act === 'set_due' && step.due !== ''
        ? `${words.colon}${words.findings.newDue(calendar.day(`${step.due}T04:00:00Z`))}`
        : ''}
      {step.text === '' ? null : <p class="finding-text">{step.text}</p>}
      <span class="muted statement-more">
        {words.saidAt(calendar.minute(step.said))}
        {step.ledgerIndex === null ? '' : ` · ${words.record(step.ledgerIndex)}`}
        {step.hasText && step.text === '' ? ` · ${words.findings.wordsHidden}` : ''}
      </span>
      {props.first || step.photos.length === 0 ? null : (
        <Thumbnails shown={evidence(step.photos)} of={`${props.of} · ${act}`} />
      )}
    </li>
  );
}
