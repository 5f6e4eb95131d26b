// The operator brings firmware to sensor nodes: which image, which nodes, and how far it is.

import { useEffect, useState } from 'preact/hooks';

import './nodes.css';
import { Refused } from './api';
import { useWords } from './i18n';
import { getNodes, handInFirmware, startRollout, stopRollout, type Nodes as Known, type Progress, type Rollout } from './node';
import { nodeEn, nodeZh } from './node_words';
import { sayFailure } from './say_failure';
import type { Session, Site } from './site';
import { useCalendar } from './time';

const useNodeWords = (): typeof nodeZh => (useWords().lang === 'en' ? nodeEn : nodeZh);
const nameOf = (known: Known | null, id: string): string => known?.nodes.find((node) => node.id === id)?.name || id;
const isOpen = (rollout: Rollout | null): boolean => rollout?.status === 'running' || rollout?.status === 'stopping';

export function Nodes(props: { site: Site; session: Session }) {
  const words = useWords();
  const own = useNodeWords();
  const [known, setKnown] = useState<Known | null>(null);
  const [told, setTold] = useState<{ text: string; bad: boolean }>({ text: '', bad: false });
  const load = (): void => {
    getNodes().then(setKnown, () => undefined); // the page's head says when the box is away
  };
  const open = isOpen(known?.rollout ?? null);
  useEffect(load, [props.site]);
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(load, 2000); // bytes that go over are no change of the record
    return () => clearInterval(timer);
  }, [open]);
  const attempt = async (busy: string, work: () => Promise<string>): Promise<void> => {
    setTold({ text: busy, bad: false });
    try {
      setTold({ text: await work(), bad: false });
    } catch (error) {
      const refusing = error instanceof Refused ? nameOf(known, error.node) : '';
      setTold({ text: (refusing === '' ? '' : refusing + words.colon) + sayFailure(words, error), bad: true });
    }
    load();
  };
  if (known === null || known.nodes.length === 0) return null;
  return (
    <section class="card nodes" aria-labelledby="nodes-title">
      <h2 id="nodes-title">{own.title}</h2>
      <p class="muted">{own.more}</p>
      {known.rollout === null ? null : <RolloutNow rollout={known.rollout} nodes={known} />}
      {open ? (
        <>
          <p class="muted">{own.stopMore}</p>
          <button
            type="button"
            class="plain"
            disabled={known.rollout?.status === 'stopping'}
            onClick={() => void attempt('', async () => (await stopRollout(props.session.csrf), ''))}
          >
            {own.stop}
          </button>
        </>
      ) : (
        <Wish known={known} csrf={props.session.csrf} attempt={attempt} />
      )}
      <p class={told.text === '' ? 'visually-hidden' : told.bad ? 'result result-bad' : 'result'} role="status">
        {told.text}
      </p>
    </section>
  );
}

function RolloutNow(props: { rollout: Rollout; nodes: Known }) {
  const own = useNodeWords();
  const calendar = useCalendar();
  const { rollout } = props;
  return (
    <>
      <p class="node-status">
        <strong>{own.statuses[rollout.status]}</strong>
        {' · '}
        {own.newest(rollout.version, calendar.minute(rollout.began))}
      </p>
      <ol class="node-steps">
        {rollout.nodes.map((node) => (
          <li key={node.node} data-step={node.step ?? 'waits'}>
            <strong>{nameOf(props.nodes, node.node)}</strong> <StepOf node={node} />
          </li>
        ))}
      </ol>
    </>
  );
}

function StepOf({ node }: { node: Progress }) {
  const own = useNodeWords();
  const calendar = useCalendar();
  if (node.step === null) return <span class="muted">{own.waits}</span>;
  return (
    <>
      {own.steps[node.step]}
      {node.percent === null ? '' : ` ${own.percent(node.percent)}`}{' '}
      <span class="muted">{calendar.minute(node.at)}</span>
      {node.reason === '' ? null : (
        <>
          <br />
          <span class="muted">{own.reason(node.reason)}</span>
        </>
      )}
    </>
  );
}

function Wish(props: {
  known: Known;
  csrf: string;
  attempt: (busy: string, work: () => Promise<string>) => Promise<void>;
}) {
  const own = useNodeWords();
  const calendar = useCalendar();
  const { known, csrf, attempt } = props;
  const [image, setImage] = useState('');
  const [chosen, setChosen] = useState<string[]>(known.nodes.map((node) => node.id));
  const [older, setOlder] = useState(false);
  const wanted = image === '' ? (known.firmware[0]?.sha256 ?? '') : image;
  const bring = (input: HTMLInputElement): void => {
    const file = input.files?.[0];
    if (file === undefined) return;
    void attempt(own.handingIn, async () => {
      setImage(await handInFirmware(file, csrf));
      return own.kept;
    });
    input.value = ''; // the same file may be chosen again
  };
  const begin = (): Promise<void> =>
    attempt(own.starting, async () => {
      await startRollout(wanted, known.nodes.map((node) => node.id).filter((id) => chosen.includes(id)), older, csrf);
      return '';
    });
  return (
    <>
      <fieldset>
        <legend>{own.image}</legend>
        <p class="muted">{own.imageMore}</p>
        {known.firmware.length === 0 ? <p class="empty">{own.noImage}</p> : null}
        {known.firmware.map((one) => (
          <label key={one.sha256} class="node-choice">
            <input type="radio" name="firmware" checked={one.sha256 === wanted} onChange={() => setImage(one.sha256)} />
            <span>
              {own.keptOn(one.version, calendar.minute(one.kept))} <code>{one.sha256.slice(0, 12)}</code>
            </span>
          </label>
        ))}
        <label class="plain photo-take">
          <input class="visually-hidden" type="file" onChange={(event) => bring(event.currentTarget)} />
          {own.choose}
        </label>
      </fieldset>
      <fieldset>
        <legend>{own.which}</legend>
        {known.nodes.map((node) => (
          <label key={node.id} class="node-choice">
            <input
              type="checkbox"
              checked={chosen.includes(node.id)}
              onChange={(event) =>
                setChosen(event.currentTarget.checked ? [...chosen, node.id] : chosen.filter((id) => id !== node.id))
              }
            />
            <span>
              <strong>{node.name}</strong> {node.heard === null ? null : `${own.heard(node.heard)} · `}
              {node.version === '' ? own.unknown : own.since(node.version, calendar.day(node.since))}{' '}
              {node.heard === null ? null : <span class="muted">{own.askedAt(calendar.minute(node.heard.at))}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <label class="node-choice">
        <input type="checkbox" checked={older} onChange={(event) => setOlder(event.currentTarget.checked)} />
        <span>
          {own.older} <span class="muted">{own.olderMore}</span>
        </span>
      </label>
      <div class="speak-buttons">
        <button type="button" class="strong" disabled={wanted === '' || chosen.length === 0} onClick={() => void begin()}>
          {own.start}
        </button>
      </div>
    </>
  );
}
