// For somebody without a link: how to get one.

import { useWords } from './i18n';
import type { Link } from './session';
import { SignInForm } from './sign_in_form';

const reload = (): void => window.location.reload();

export function Gate(props: { link: Link; retry: () => void }) {
  const words = useWords();
  return (
    <main id="content" class="gate">
      {props.link === 'refused' || props.link === 'locked' ? (
        <p class="notice notice-warning" role="alert">
          {props.link === 'locked' ? words.linkLocked : words.linkRefused}
        </p>
      ) : null}
      <h1>{words.gateTitle}</h1>
      <p>{words.gateBody}</p>
      <h2>{words.gateHow}</h2>
      <ul>
        {words.gateSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
      <SignInForm entered={reload} />
      <p class="gate-operator">
        {words.gateOperator}
        <code>jieding link --config FILE viewer</code>
        <code>jieding link --config FILE sign-in --user ID</code>
      </p>
      <button type="button" class="strong" onClick={props.retry}>
        {words.retry}
      </button>
    </main>
  );
}
