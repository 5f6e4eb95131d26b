// What people write about a finding: raise one, or do the next step. It stays in the record, so each
// form says what it lacks before anything is sent.

import { useId, useRef, useState } from 'preact/hooks';

import { Refused } from './api';
import {
  doAbout,
  findingKinds,
  newKey,
  raise,
  type Finding,
  type FindingKind,
  type StepAct,
} from './finding';
import { useFocusInPlace } from './focus';
import { useWords } from './i18n';
import { PhotoField } from './photo_field';
import { buildingName } from './sentence';
import type { Session, Site } from './site';
import { sayFailure } from './say_failure';

interface Sending {
  busy: boolean;
  fault: string;
  told: string;
  complain: (fault: string) => void;
  /// True when it is in the record.
  send: (tell: (key: string) => Promise<number>) => Promise<boolean>;
}

/// One key for one wish: sent again after a lost answer, it is done once.
function useSending(refresh: () => void): Sending {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const [told, setTold] = useState('');
  const key = useRef(newKey());
  const send = async (tell: (key: string) => Promise<number>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setFault('');
    try {
      setTold(words.findings.recorded(await tell(key.current)));
      key.current = newKey();
      refresh();
      return true;
    } catch (error) {
      setFault(sayFailure(words, error));
      // It was heard, and refused: another wording is another wish.
      if (error instanceof Refused) key.current = newKey();
      if (error instanceof Refused && error.status === 409) refresh();
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, fault, told, complain: setFault, send };
}

function Foot(props: { sending: Sending; strong: string; cancel: () => void }) {
  const words = useWords();
  const { busy, fault } = props.sending;
  return (
    <>
      <p class={fault === '' ? 'visually-hidden' : 'result result-bad'} role="alert">
        {fault}
      </p>
      <div class="speak-buttons">
        <button type="submit" class="strong" aria-disabled={busy}>
          {busy ? words.sending : props.strong}
        </button>
        <button type="button" class="plain" onClick={props.cancel}>
          {words.cancel}
        </button>
      </div>
    </>
  );
}

function Told(props: { told: string }) {
  return (
    <p class={props.told === '' ? 'visually-hidden' : 'result result-good'} role="status">
      {props.told}
    </p>
  );
}

function TextField(props: { label: string; value: string; change: (text: string) => void }) {
  const words = useWords();
  const id = useId();
  return (
    <>
      <label for={id}>{props.label}</label>
      <textarea
        id={id}
        rows={3}
        maxLength={2000}
        value={props.value}
        aria-describedby={`${id}-hint`}
        onInput={(event) => props.change(event.currentTarget.value)}
      />
      <p class="muted" id={`${id}-hint`}>
        {words.findings.privateHint} {words.forGood}
      </p>
    </>
  );
}

/// Another photo may be what was lacking.
function Photos(props: {
  label: string;
  photos: string[];
  set: (photos: string[]) => void;
  sending: Sending;
  session: Session;
}) {
  const change = (next: string[]): void => {
    props.set(next);
    props.sending.complain('');
  };
  return <PhotoField label={props.label} photos={props.photos} change={change} csrf={props.session.csrf} />;
}

export function Raise(props: { site: Site; session: Session; refresh: () => void }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const sending = useSending(props.refresh);
  const around = useFocusInPlace<HTMLDivElement>(open);
  return (
    <div class="finding-raise" ref={around}>
      {open ? (
        <RaiseForm {...props} sending={sending} close={() => setOpen(false)} />
      ) : (
        <button type="button" class="strong" onClick={() => setOpen(true)}>
          {words.findings.raise}
        </button>
      )}
      <Told told={open ? '' : sending.told} />
    </div>
  );
}

function RaiseForm(props: { site: Site; session: Session; sending: Sending; close: () => void }) {
  const words = useWords();
  const id = useId();
  const [kind, setKind] = useState<FindingKind>('quality');
  const [building, setBuilding] = useState(props.site.buildings[0]?.id ?? '');
  const [storey, setStorey] = useState('');
  const [place, setPlace] = useState('');
  const [text, setText] = useState('');
  const [photos, setPhotos] = useState<string[]>([]);
  const { sending } = props;
  const planned = props.site.buildings.find((one) => one.id === building)?.planned ?? 0;

  const lacks = (): string => {
    if (building === '' && place.trim() === '') return words.findings.placeMissing;
    if (text.trim() === '') return words.findings.textMissing;
    return photos.length === 0 ? words.findings.photoMissing : '';
  };
  const submit = async (): Promise<void> => {
    const lack = lacks();
    if (lack !== '') return sending.complain(lack);
    const where = building === '' ? {} : { building, storey: Number(storey) || 0 };
    const what = { kind, ...where, place: place.trim(), text: text.trim(), photos };
    if (await sending.send((key) => raise(what, props.session.csrf, key))) props.close();
  };
  return (
    <form
      class="speak-form fields"
      noValidate
      aria-labelledby={`${id}-title`}
      onInput={() => sending.complain('')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.close();
      }}
    >
      <h3 id={`${id}-title`}>{words.findings.raiseTitle}</h3>
      <fieldset class="finding-kinds">
        <legend>{words.findings.kind}</legend>
        {findingKinds.map((one) => (
          <label key={one} class="toggle">
            <input type="radio" name={`${id}-kind`} checked={kind === one} onChange={() => setKind(one)} />
            <span>{words.findings.kinds[one]}</span>
          </label>
        ))}
      </fieldset>
      <label for={`${id}-building`}>{words.findings.where}</label>
      <select
        id={`${id}-building`}
        value={building}
        onChange={(event) => setBuilding(event.currentTarget.value)}
      >
        {props.site.buildings.map((one) => (
          <option key={one.id} value={one.id}>
            {buildingName(one)}
          </option>
        ))}
        <option value="">{words.findings.elsewhere}</option>
      </select>
      {building === '' ? null : (
        <>
          <label for={`${id}-storey`}>{words.findings.storeyField}</label>
          <select
            id={`${id}-storey`}
            value={storey}
            onChange={(event) => setStorey(event.currentTarget.value)}
          >
            <option value="">—</option>
            {Array.from({ length: planned }, (_, n) => (
              <option key={n} value={String(n + 1)}>
                {words.findings.storey(n + 1)}
              </option>
            ))}
          </select>
        </>
      )}
      <label for={`${id}-place`}>
        {building === '' ? words.findings.place : words.findings.placeOptional}
      </label>
      <input
        id={`${id}-place`}
        type="text"
        maxLength={200}
        value={place}
        onInput={(event) => setPlace(event.currentTarget.value)}
      />
      <TextField label={words.findings.text} value={text} change={setText} />
      <Photos label={words.findings.photos} photos={photos} set={setPhotos} {...props} />
      <Foot sending={sending} strong={words.findings.send} cancel={props.close} />
    </form>
  );
}

export function DoAbout(props: {
  finding: Finding;
  heading: string;
  session: Session;
  refresh: () => void;
}) {
  const words = useWords();
  const [act, setAct] = useState<StepAct | null>(null);
  const sending = useSending(props.refresh);
  const around = useFocusInPlace<HTMLDivElement>(act !== null);
  const { finding } = props;
  return (
    <div class="speak" ref={around}>
      {act === null ? (
        <div class="speak-buttons" role="group" aria-labelledby={props.heading}>
          {finding.may.map((one) => (
            <button key={one} type="button" class={isNext(finding, one) ? 'strong' : 'plain'} onClick={() => setAct(one)}>
              {words.findings.acts[one]}
            </button>
          ))}
        </div>
      ) : (
        <StepForm act={act} {...props} sending={sending} close={() => setAct(null)} />
      )}
      <Told told={act === null ? sending.told : ''} />
    </div>
  );
}

/// What the finding waits for, as far as it is this person's to do.
const isNext = (finding: Finding, act: StepAct): boolean =>
  act === 'put_right' || (act === 'close' && finding.status === 'put_right');

const needsWords = (act: StepAct): boolean => act === 'answer' || act === 'send_back';

function StepForm(props: {
  act: StepAct;
  finding: Finding;
  session: Session;
  sending: Sending;
  close: () => void;
}) {
  const words = useWords();
  const id = useId();
  const [text, setText] = useState('');
  const [photos, setPhotos] = useState<string[]>([]);
  const [due, setDue] = useState('');
  const { act, finding, sending } = props;

  const lacks = (): string => {
    if (act === 'set_due' && due === '') return words.findings.dueMissing;
    if (needsWords(act) && text.trim() === '') return words.findings.textMissing;
    return act === 'put_right' && photos.length === 0 ? words.findings.photoMissing : '';
  };
  const submit = async (): Promise<void> => {
    const lack = lacks();
    if (lack !== '') return sending.complain(lack);
    const what = { act, text: text.trim(), photos, ...(act === 'set_due' ? { due } : {}) };
    if (await sending.send((key) => doAbout(finding.id, what, props.session.csrf, key))) props.close();
  };
  return (
    <form
      class="speak-form fields"
      noValidate
      onInput={() => sending.complain('')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.close();
      }}
    >
      {act === 'set_due' ? (
        <>
          <label for={`${id}-due`}>{words.findings.dueField}</label>
          <input
            id={`${id}-due`}
            type="date"
            min={finding.raised.slice(0, 10)}
            value={due}
            onInput={(event) => setDue(event.currentTarget.value)}
          />
        </>
      ) : null}
      <TextField label={words.findings.texts[act]} value={text} change={setText} />
      {act === 'set_due' ? null : (
        <Photos
          label={act === 'put_right' ? words.findings.photos : words.findings.photosOptional}
          photos={photos}
          set={setPhotos}
          {...props}
        />
      )}
      <Foot sending={sending} strong={words.findings.send} cancel={props.close} />
    </form>
  );
}
