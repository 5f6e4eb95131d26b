// A visitor's own browser checks the record: the key on the notice board, one milestone, the last visit.

import type { ComponentType } from 'preact';
import { useId, useState } from 'preact/hooks';

import './check_yourself.css';
import './field.css';
import { askBytes } from './api';
import { forgetTrusted, keepTrusted, takeTrusted } from './check_shelf';
import { checkEn, checkZh } from './check_words';
import { useWords } from './i18n';
import { milestoneName } from './milestone_words';
import { buildingName } from './sentence';
import type { Site } from './site';
import type { Shown, Trusted, Verdict } from './verify/check';
import { readFingerprint } from './verify/fingerprint';
import type { Words } from './zh';

const useCheckWords = (): typeof checkZh => (useWords().lang === 'en' ? checkEn : checkZh);

interface Choice {
  name: string;
  shown: Shown;
}

/// The latest word on each milestone, newest first.
function choicesOf(site: Site, words: Words): Choice[] {
  const choices = site.buildings.flatMap((building) =>
    building.milestones.flatMap((milestone) => {
      const said = milestone.statements[milestone.statements.length - 1];
      if (said === undefined || said.ledgerIndex === null) return [];
      const data = {
        building: building.id,
        milestone: milestone.kind,
        storey: milestone.storey,
        act: said.act,
        owner: said.owner,
        by: said.by,
        named_at: said.at,
      };
      const act = words.acts[said.act] ?? said.act;
      const name = `${buildingName(building)} · ${milestoneName(words, milestone)} · ${act}`;
      return [{ name, shown: { index: said.ledgerIndex, data } }];
    }),
  );
  return choices.sort((a, b) => b.shown.index - a.shown.index);
}

const inFours = (fingerprint: string): string => (fingerprint.match(/.{4}/g) ?? []).join(' ');

export function CheckYourself(props: { site: Site }) {
  const own = useCheckWords();
  const [trusted, setTrusted] = useState<Trusted>(takeTrusted);
  const [changing, setChanging] = useState(false);
  const id = useId();
  return (
    <section class="check fields" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{own.title}</h3>
      <p class="muted">{own.more}</p>
      {trusted.fingerprint === '' || changing ? (
        <FingerprintForm
          give={(fingerprint) => {
            const next = { ...trusted, fingerprint };
            keepTrusted(next);
            setTrusted(next);
            setChanging(false);
          }}
        />
      ) : (
        <>
          <p class="check-known">
            {own.known}
            <code>{inFours(trusted.fingerprint)}</code>
            <button type="button" class="plain" onClick={() => setChanging(true)}>
              {own.change}
            </button>
            <button type="button" class="plain" onClick={() => setTrusted(forgetTrusted())}>
              {own.forget}
            </button>
          </p>
          <Checking site={props.site} trusted={trusted} setTrusted={setTrusted} />
        </>
      )}
    </section>
  );
}

function FingerprintForm(props: { give: (fingerprint: string) => void }) {
  const own = useCheckWords();
  const id = useId();
  const [given, setGiven] = useState('');
  const [bad, setBad] = useState(false);
  const keep = (): void => {
    const fingerprint = readFingerprint(given);
    if (fingerprint === '') setBad(true);
    else props.give(fingerprint);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <label for={id}>{own.fingerprint}</label>
      <p class="muted" id={`${id}-more`}>
        {own.fingerprintMore}
      </p>
      <input
        id={id}
        type="text"
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        maxLength={80}
        aria-describedby={`${id}-more ${id}-bad`}
        aria-invalid={bad}
        value={given}
        onInput={(event) => setGiven(event.currentTarget.value)}
      />
      <p id={`${id}-bad`} class={bad ? 'result result-bad' : 'visually-hidden'} role="alert">
        {bad ? own.fingerprintBad : ''}
      </p>
      <button type="submit" class="strong">
        {own.keep}
      </button>
    </form>
  );
}

interface Outcome {
  verdict: Verdict;
  before: Trusted;
  remembered: boolean;
  /// The checkpoint as it was signed.
  note: string;
}

function Checking(props: { site: Site; trusted: Trusted; setTrusted: (trusted: Trusted) => void }) {
  const words = useWords();
  const own = useCheckWords();
  const id = useId();
  const { trusted } = props;
  const choices = choicesOf(props.site, words);
  const [wanted, setWanted] = useState<number | null>(null);
  const [state, setState] = useState<Outcome | 'busy' | 'unreachable' | null>(null);
  const choice = choices.find((one) => one.shown.index === wanted) ?? choices[0];
  const run = async (): Promise<void> => {
    setState('busy');
    try {
      // Curve and hashes come only to whoever checks.
      const { check } = await import('./verify/check');
      const note = await askBytes('/checkpoint');
      const read = (path: string): Promise<Uint8Array> => askBytes(`/${path}`);
      const verdict = await check(props.site.ledger.key, note, read, trusted, choice?.shown ?? null);
      let remembered = true;
      if (verdict.good) {
        const next = { fingerprint: verdict.fingerprint, kept: verdict.checkpoint };
        remembered = keepTrusted(next);
        props.setTrusted(next);
      }
      setState({ verdict, before: trusted, remembered, note: new TextDecoder().decode(note) });
    } catch {
      setState('unreachable');
    }
  };
  return (
    <>
      {choice === undefined ? null : (
        <>
          <label for={id}>{own.which}</label>
          <select id={id} value={String(choice.shown.index)} onChange={(event) => setWanted(Number(event.currentTarget.value))}>
            {choices.map((one) => (
              <option key={one.shown.index} value={String(one.shown.index)}>
                {one.name}
              </option>
            ))}
          </select>
        </>
      )}
      <button type="button" class="strong" aria-disabled={state === 'busy'} onClick={() => (state === 'busy' ? undefined : void run())}>
        {state === 'busy' ? own.checking : own.check}
      </button>
      <div role="status">
        {state === 'unreachable' ? <p class="result check-unknown">{own.unreachable}</p> : null}
        {state === null || typeof state === 'string' ? null : <Told outcome={state} />}
      </div>
      {state !== null && typeof state !== 'string' && state.verdict.good ? <CarryAway key={state.note} note={state.note} /> : null}
    </>
  );
}

function Told(props: { outcome: Outcome }) {
  const own = useCheckWords();
  const { verdict, before, remembered } = props.outcome;
  if (!verdict.good) {
    return (
      <p class="result result-bad" data-verdict={verdict.fault}>
        {own.faults[verdict.fault]}
      </p>
    );
  }
  return (
    <ul class="result result-good" data-verdict="good">
      {verdict.fingerprint === before.fingerprint ? null : <li data-rotated>{own.rotated(inFours(verdict.fingerprint))}</li>}
      <li>{own.signed(verdict.checkpoint.size)}</li>
      {verdict.leaf === null ? null : <li>{own.included(verdict.leaf)}</li>}
      <li>{before.kept === null ? own.first : own.consistent(before.kept.size)}</li>
      {remembered ? null : <li>{own.notKept}</li>}
    </ul>
  );
}

/// The drawing comes only to whoever asks for it.
function CarryAway(props: { note: string }) {
  const own = useCheckWords();
  const [Code, setCode] = useState<ComponentType<{ note: string; label: string }> | null>(null);
  if (Code !== null) {
    return (
      <figure class="carry">
        <Code note={props.note} label={own.code} />
        <figcaption class="muted">{own.carryMore}</figcaption>
      </figure>
    );
  }
  const draw = (): void => {
    import('./checkpoint_code').then(
      ({ CheckpointCode }) => setCode(() => CheckpointCode),
      () => undefined, // out of reach: the button stays to be pressed again
    );
  };
  return (
    <button type="button" class="plain" onClick={draw}>
      {own.carry}
    </button>
  );
}
