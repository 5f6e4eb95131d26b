// A person's session that ended while the page is open, by its time or elsewhere: what they wrote stays, and they go on after
// signing in again, here or by a link in another window.

import { useEffect, useRef, useState } from 'preact/hooks';

import { whenNobody } from './api';
import { whoAmI } from './session';
import { SignInForm, useSeatWords } from './sign_in_form';
import type { Session } from './site';

const lookEvery = 5_000;

/// Whether this person's session has ended; `back` is told the one that they have then. Looked at whenever the site was read
/// (`readAt`): a site that anybody may look at is told to whoever is signed out, too.
export function useLapsed(
  person: Session | null,
  readAt: number,
  back: (session: Session) => void,
): { lapsed: boolean; look: () => void } {
  const [ended, setEnded] = useState('');
  const csrf = person?.csrf ?? '';
  const lapsed = csrf !== '' && ended === csrf;
  useEffect(() => (csrf === '' ? undefined : whenNobody(() => setEnded(csrf))), [csrf]);
  const look = (): void => {
    void whoAmI().then((found) => {
      if (found === null) return; // what is over, `nobody` tells
      if (found.csrf === csrf) setEnded('');
      else if (found.id === '') setEnded(csrf);
      else back(found);
    });
  };
  const looked = useRef(performance.now());
  useEffect(() => {
    if (csrf === '' || lapsed) return;
    const timer = setTimeout(() => {
      looked.current = performance.now();
      look();
    }, Math.max(0, looked.current + lookEvery - performance.now()));
    return () => clearTimeout(timer);
  }, [csrf, lapsed, readAt]);
  useEffect(() => {
    if (!lapsed) return;
    const timer = setInterval(() => {
      if (!document.hidden) look();
    }, lookEvery);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [lapsed]);
  return { lapsed, look };
}

export function Lapsed(props: { look: () => void }) {
  const own = useSeatWords();
  return (
    <section class="lapsed" aria-label={own.lapsed}>
      <p class="notice page-notice notice-warning notice-lapsed">
        <strong role="alert">{own.lapsed}</strong>
        <a class="plain" href="#sign-in-again">
          {own.lapsedGo}
        </a>
      </p>
      <div class="sign-in-again" id="sign-in-again" tabIndex={-1}>
        <p>{own.lapsedMore}</p>
        <p>{own.lapsedLink}</p>
        <SignInForm entered={props.look} />
      </div>
    </section>
  );
}
