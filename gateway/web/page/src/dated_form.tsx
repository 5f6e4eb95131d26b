// A form by which a date comes into the record: what, of which building or whole, when, and the
// document that shows it. The document goes first, under its hash.

import { useId, useRef, useState } from 'preact/hooks';

import './field.css';
import './seat.css';
import { handIn, say } from './api';
import { useDatedWords } from './dated_words';
import { documentTypes, longestDocument } from './document_file';
import { useWords } from './i18n';
import { useKindName, type MilestoneKind } from './milestone_kinds';
import { ResultLine, type Result } from './result_line';
import { sayFailure } from './say_failure';
import type { Session } from './site';

export interface Subject {
  id: string;
  name: string;
  /// Of what can be said of it.
  kinds: MilestoneKind[];
  /// Planned; 0 where it has none.
  storeys: number;
}

export function DatedForm(props: {
  act: 'record' | 'claim';
  subjects: Subject[];
  session: Session;
  refresh: () => void;
}) {
  const words = useWords();
  const own = useDatedWords();
  const nameOf = useKindName();
  const id = useId();
  const { act, subjects, session } = props;
  const [of, setOf] = useState(subjects[0]?.id ?? '');
  const [chosen, setChosen] = useState('');
  const [storey, setStorey] = useState(1);
  const [day, setDay] = useState('');
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Result | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const subject = subjects.find((one) => one.id === of) ?? subjects[0];
  const kind = subject?.kinds.find((one) => one.id === chosen) ?? subject?.kinds[0];
  const counted = kind?.id === 'storey_cast';
  if (subject === undefined || kind === undefined) return null;

  const lacks = (document: File | undefined): string => {
    if (day === '' || (act === 'record' && document === undefined))
      return act === 'record' ? own.documentMissing : own.dayMissing;
    if (document === undefined) return '';
    if (document.size > longestDocument) return own.tooLarge;
    return documentTypes.includes(document.type) ? '' : own.wrongKind;
  };
  const send = async (): Promise<void> => {
    const document = file.current?.files?.[0];
    const lack = lacks(document);
    if (lack !== '') return setTold({ good: false, text: lack });
    setBusy(true);
    setTold(null);
    try {
      const shown = document === undefined ? {} : { document_sha256: await handIn(document, session.csrf) };
      const saying = { building: subject.id, milestone: kind.id, storey: counted ? storey : 0, act, comment, day };
      const recorded = await say({ ...saying, ...shown }, session.csrf);
      setTold({ good: true, text: own[act].done(recorded.ledgerIndex) });
      if (file.current !== null) file.current.value = '';
      setComment('');
      props.refresh();
    } catch (error) {
      setTold({ good: false, text: sayFailure(words, error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      class="card dated-form fields"
      data-act={act}
      noValidate
      aria-labelledby={`${id}-title`}
      onInput={() => setTold(null)}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      <h2 id={`${id}-title`}>{own[act].title}</h2>
      <p class="muted">{own[act].more}</p>
      <label for={`${id}-of`}>{own.of}</label>
      <select id={`${id}-of`} value={subject.id} onChange={(event) => setOf(event.currentTarget.value)}>
        {subjects.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      <label for={`${id}-what`}>{own.what}</label>
      <select id={`${id}-what`} value={kind.id} onChange={(event) => setChosen(event.currentTarget.value)}>
        {subject.kinds.map((one) => (
          <option key={one.id} value={one.id}>
            {nameOf(one)}
          </option>
        ))}
      </select>
      {counted ? (
        <>
          <label for={`${id}-storey`}>{own.storey}</label>
          <select id={`${id}-storey`} value={storey} onChange={(event) => setStorey(Number(event.currentTarget.value))}>
            {Array.from({ length: subject.storeys }, (_, n) => (
              <option key={n} value={n + 1}>
                {n + 1}
              </option>
            ))}
          </select>
        </>
      ) : null}
      <label for={`${id}-day`}>{own.day}</label>
      <input id={`${id}-day`} type="date" required value={day} onInput={(event) => setDay(event.currentTarget.value)} />
      <label for={`${id}-document`}>{act === 'record' ? own.document : own.documentOptional}</label>
      <input id={`${id}-document`} type="file" ref={file} accept={documentTypes.join(',')} />
      {act === 'claim' ? (
        <>
          <label for={`${id}-comment`}>{own.comment}</label>
          <textarea id={`${id}-comment`} rows={2} maxLength={2000} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
        </>
      ) : null}
      <p class="muted">{words.forGood}</p>
      <ResultLine told={told} />
      <div class="speak-buttons">
        <button type="submit" class="strong" aria-disabled={busy}>
          {busy ? words.sending : own.send}
        </button>
      </div>
    </form>
  );
}
