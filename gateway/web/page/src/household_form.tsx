// The operator counts how many households wait: of the project or a phase, on a day. A day that was
// counted already is corrected.

import { useEffect, useId, useRef, useState } from 'preact/hooks';

import './field.css';
import './seat.css';
import { ask, handIn, send } from './api';
import { documentTypes, longestDocument } from './document_file';
import { useHouseholdWords } from './household_words';
import { useWords } from './i18n';
import { count, fields, list, text } from './reading';
import { ResultLine, type Result } from './result_line';
import { sayFailure } from './say_failure';
import type { Session, Site } from './site';

const address = '/api/v1/households';
const parts = ['awaiting_return', 'housed', 'awaiting_registration'] as const;

interface Standing {
  subject: string;
  counted: string;
  index: number;
}

async function standingCounts(): Promise<Standing[]> {
  const all = list(fields(await ask(address))['counts'], fields);
  return all
    .filter((one) => one['corrected_by'] === null)
    .map((one) => ({ subject: text(one['subject']), counted: text(one['counted']), index: count(one['ledger_index']) }));
}

const isWhole = (value: string): boolean => /^\d{1,7}$/.test(value);

export function HouseholdForm(props: { site: Site; session: Session; refresh: () => void }) {
  const words = useWords();
  const own = useHouseholdWords();
  const id = useId();
  const subjects = props.site.wholes.filter((one) => one.kind !== 'facility');
  const [subject, setSubject] = useState(subjects[0]?.id ?? '');
  const [day, setDay] = useState('');
  const [numbers, setNumbers] = useState<readonly string[]>(['', '', '']);
  const [standing, setStanding] = useState<Standing[]>([]);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Result | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const read = () => standingCounts().then(setStanding, () => setStanding([]));
  useEffect(() => void read(), []);
  const known = standing.find((one) => one.subject === subject && one.counted === day);

  const write = async (): Promise<void> => {
    const document = file.current?.files?.[0];
    if (day === '' || !numbers.every(isWhole)) return setTold({ good: false, text: own.lacks });
    if (document !== undefined && document.size > longestDocument) return setTold({ good: false, text: own.tooLarge });
    setBusy(true);
    setTold(null);
    try {
      const counted = Object.fromEntries(parts.map((part, n) => [part, Number(numbers[n])]));
      const shown = document === undefined ? {} : { document_sha256: await handIn(document, props.session.csrf) };
      const corrects = known === undefined ? {} : { corrects: known.index };
      const body = { subject, counted: day, ...counted, ...shown, ...corrects };
      const answer = fields(await ask(address, send('POST', body, props.session.csrf)));
      setTold({ good: true, text: own.done(count(answer['ledger_index'])) });
      if (file.current !== null) file.current.value = '';
      props.refresh();
      await read();
    } catch (error) {
      setTold({ good: false, text: sayFailure(words, error) });
    } finally {
      setBusy(false);
    }
  };

  if (subjects.length === 0) return null;
  return (
    <form
      class="card household-form fields"
      noValidate
      aria-labelledby={`${id}-title`}
      onInput={() => setTold(null)}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void write();
      }}
    >
      <h2 id={`${id}-title`}>{own.title}</h2>
      <p class="muted">{own.more}</p>
      <label for={`${id}-of`}>{own.of}</label>
      <select id={`${id}-of`} value={subject} onChange={(event) => setSubject(event.currentTarget.value)}>
        {subjects.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name || one.id}
          </option>
        ))}
      </select>
      <label for={`${id}-day`}>{own.counted}</label>
      <input id={`${id}-day`} type="date" required value={day} onInput={(event) => setDay(event.currentTarget.value)} />
      {[own.awaitingReturn, own.housed, own.awaitingRegistration].map((name, n) => (
        <div key={name}>
          <label for={`${id}-${n}`}>{name}</label>
          <input
            id={`${id}-${n}`}
            type="text"
            inputMode="numeric"
            autocomplete="off"
            value={numbers[n]}
            onInput={(event) => {
              const typed = event.currentTarget.value.trim();
              setNumbers(numbers.map((old, place) => (place === n ? typed : old)));
            }}
          />
        </div>
      ))}
      <label for={`${id}-document`}>{own.document}</label>
      <input id={`${id}-document`} type="file" ref={file} accept={documentTypes.join(',')} />
      {known === undefined ? null : <p class="muted">{own.corrects(known.index)}</p>}
      <p class="muted">{words.forGood}</p>
      <ResultLine told={told} />
      <div class="speak-buttons">
        <button type="submit" class="strong" aria-disabled={busy}>
          {busy ? words.sending : known === undefined ? own.send : own.correct}
        </button>
      </div>
    </form>
  );
}
