// The operator gives devices and cameras their tokens, and takes them back.

import { useEffect, useState } from 'preact/hooks';

import './seat.css';
import { useWords } from './i18n';
import { useOperatorWords } from './operator_words';
import { ResultLine } from './result_line';
import { sayFailure } from './say_failure';
import type { Session } from './site';
import { Sure } from './sure';
import { useCalendar } from './time';
import { getTokens, issueToken, revokeToken, type Token } from './token';

type Told = { good: boolean; text: string; secret?: string } | null;

export function Tokens(props: { session: Session }) {
  const words = useWords();
  const own = useOperatorWords();
  const { csrf } = props.session;
  const [known, setKnown] = useState<Token[] | null>(null);
  const [told, setTold] = useState<Told>(null);
  const load = (): void => {
    getTokens().then(setKnown, () => setTold({ good: false, text: own.failed }));
  };
  useEffect(load, []);
  const attempt = async (work: () => Promise<Told>): Promise<void> => {
    setTold(null);
    try {
      setTold(await work());
      load();
    } catch (error) {
      setTold({ good: false, text: sayFailure(words, error) });
    }
  };
  const issue = (name: string, id: string): void =>
    void attempt(async () => ({ good: true, text: own.issued(name), secret: await issueToken(id, csrf) }));
  const revoke = (name: string, id: string): void =>
    void attempt(async () => {
      await revokeToken(id, csrf);
      return { good: true, text: own.revoked(name) };
    });
  return (
    <section class="card tokens" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{own.tokens}</h2>
      <p class="muted">{known?.length === 0 ? own.tokensNone : own.tokensMore}</p>
      <ul class="seat-list">
        {known?.map((token) => (
          <TokenRow key={token.id} token={token} issue={issue} revoke={revoke} />
        ))}
      </ul>
      <ResultLine told={told}>
        {told?.secret === undefined ? null : <code class="seat-link">{told.secret}</code>}
      </ResultLine>
    </section>
  );
}

function TokenRow(props: { token: Token; issue: (name: string, id: string) => void; revoke: (name: string, id: string) => void }) {
  const own = useOperatorWords();
  const calendar = useCalendar();
  const { token } = props;
  const name = token.name || token.id;
  const inForce = token.state === 'in_force';
  return (
    <li data-token={token.id} data-state={token.state}>
      <span>
        <strong>{name}</strong> {own.kinds[token.kind] ?? token.kind} · {own.tokenStates[token.state] ?? token.state}
        {token.since === '' ? null : <span class="muted"> · {own.tokenSince(calendar.minute(token.since))}</span>}
      </span>
      <span class="seat-acts">
        <Sure
          label={inForce ? own.issue : own.issueFirst}
          of={name}
          question={own.sureIssue(name)}
          yes={own.yes}
          no={own.no}
          then={() => props.issue(name, token.id)}
        />
        {inForce ? (
          <Sure
            label={own.revoke}
            of={name}
            question={own.sureRevoke(name)}
            yes={own.yesRevoke}
            no={own.no}
            then={() => props.revoke(name, token.id)}
          />
        ) : null}
      </span>
    </li>
  );
}
