// What becomes of the record: how much the city platform has receipted, and the ledger's fingerprint.

import { useEffect, useState } from 'preact/hooks';

import { CheckYourself } from './check_yourself';
import { LinkIcon } from './icons';
import { useWords } from './i18n';
import { addressOf } from './mirror';
import type { Site, Uplink } from './site';
import { useCalendar } from './time';

export function UplinkCard(props: { uplink: Uplink }) {
  const words = useWords();
  const calendar = useCalendar();
  const { uplink } = props;
  const state = uplink.enabled ? uplink.state : 'off';
  const { waiting } = uplink;
  const parts = [
    waiting.state > 0 ? words.waitingNames.state(waiting.state) : '',
    waiting.evidence > 0 ? words.waitingNames.evidence(waiting.evidence) : '',
    waiting.telemetry > 0 ? words.waitingNames.telemetry(waiting.telemetry) : '',
  ].filter((part) => part !== '');
  return (
    <section class="card uplink" aria-labelledby="uplink" data-uplink={state}>
      <h2 id="uplink">{words.uplink}</h2>
      <p class={`uplink-state uplink-${state}`}>
        <LinkIcon up={state === 'connected'} />
        <strong>{words.uplinkState[state] ?? state}</strong>
        {uplink.since === '' || state === 'off' ? null : (
          <span class="muted">{words.since(calendar.minute(uplink.since))}</span>
        )}
      </p>
      {state === 'offline' ? <p>{words.uplinkOfflineMore}</p> : null}
      {state === 'off' ? null : (
        <>
          <p class="uplink-count">{words.receipted(uplink.receipted, uplink.size)}</p>
          <progress
            class="bar"
            max={Math.max(1, uplink.size)}
            value={uplink.receipted}
            aria-label={words.receipted(uplink.receipted, uplink.size)}
          />
          <p class="muted">
            {words.sent(uplink.sent, uplink.size)}
            {uplink.lastReceipt === '' ? '' : ` · ${words.lastReceipt(calendar.minute(uplink.lastReceipt))}`}
          </p>
          {parts.length === 0 ? null : <p class="muted">{words.waiting(parts)}</p>}
        </>
      )}
    </section>
  );
}

export function Ledger(props: { site: Site }) {
  const words = useWords();
  const { ledger } = props.site;
  return (
    <section class="card ledger" aria-labelledby="ledger">
      <h2 id="ledger">{words.ledger}</h2>
      <p class="ledger-size">{words.ledgerSize(ledger.size)}</p>
      <p class="muted">{words.ledgerMore}</p>
      <dl>
        <Fingerprint name={words.root} term={words.rootTerm} value={ledger.root} />
        <Fingerprint name={words.key} term="" value={ledger.key} />
      </dl>
      <p>
        <a class="link" href={addressOf('/checkpoint')}>
          {words.checkpoint}
        </a>
      </p>
      <p class="on-paper">{words.onPaper}</p>
      <button type="button" class="plain" onClick={() => window.print()}>
        {words.print}
      </button>
      {ledger.key === '' ? null : <CheckYourself site={props.site} />}
    </section>
  );
}

const short = (value: string): string =>
  value.length > 28 && /^[0-9a-f]+$/.test(value) ? `${value.slice(0, 12)}…${value.slice(-12)}` : value;

function Fingerprint(props: { name: string; term: string; value: string }) {
  const words = useWords();
  const [state, setState] = useState<'' | 'copied' | 'failed'>('');
  useEffect(() => {
    if (state === '') return;
    const timer = setTimeout(() => setState(''), 4_000);
    return () => clearTimeout(timer);
  }, [state]);
  if (props.value === '') return null;
  const copy = async (): Promise<void> => {
    setState((await copied(props.value)) ? 'copied' : 'failed');
  };
  return (
    <div class="fingerprint">
      <dt>
        {props.name} {props.term === '' ? null : <span class="muted">({props.term})</span>}
      </dt>
      <dd>
        <code title={props.value}>
          <span class="on-screen">{state === 'failed' ? props.value : short(props.value)}</span>
          <span class="on-paper">{props.value}</span>
        </code>
        <button type="button" class="plain" onClick={() => void copy()}>
          {words.copy}
          <span class="visually-hidden">
            {words.colon}
            {props.name}
          </span>
        </button>
        <span class="copied" role="status">
          {state === 'copied' ? words.copied : state === 'failed' ? words.copyFailed : ''}
        </span>
      </dd>
    </div>
  );
}

/// Browsers give a clipboard to https only; on the plain site network the older way is left.
async function copied(value: string): Promise<boolean> {
  try {
    if (window.isSecureContext) {
      await navigator.clipboard.writeText(value);
      return true;
    }
  } catch {
    // refused; the older way may still do
  }
  const field = document.createElement('textarea');
  field.value = value;
  field.className = 'visually-hidden';
  field.readOnly = true;
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
