// Signing in by name and password, for those who set one.

import { useId, useState } from 'preact/hooks';

import './field.css';
import './seat.css';
import { Refused } from './api';
import { useWords } from './i18n';
import { signInByPassword } from './seat';
import { seatEn, seatZh } from './seat_words';

export const useSeatWords = (): typeof seatZh => (useWords().lang === 'en' ? seatEn : seatZh);

export function SignInForm(props: { entered: () => void }) {
  const words = useWords();
  const own = useSeatWords();
  const id = useId();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const enter = async (): Promise<void> => {
    if (user.trim() === '' || password === '') return setFault(own.missing);
    setBusy(true);
    setFault('');
    try {
      await signInByPassword(user.trim(), password);
      setPassword('');
      setBusy(false);
      props.entered();
    } catch (error) {
      if (!(error instanceof Refused)) setFault(words.away);
      else setFault(error.status === 429 ? own.locked : own.wrong);
      setBusy(false);
    }
  };
  return (
    <form
      class="card seat-form fields"
      noValidate
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void enter();
      }}
    >
      <h2 id={`${id}-title`}>{own.signIn}</h2>
      <p class="muted">{own.signInMore}</p>
      <label for={`${id}-user`}>{own.user}</label>
      <input
        id={`${id}-user`}
        type="text"
        autoComplete="username"
        autoCapitalize="none"
        maxLength={64}
        value={user}
        onInput={(event) => setUser(event.currentTarget.value)}
      />
      <label for={`${id}-password`}>{own.password}</label>
      <input
        id={`${id}-password`}
        type="password"
        autoComplete="current-password"
        maxLength={256}
        value={password}
        onInput={(event) => setPassword(event.currentTarget.value)}
      />
      <p class={fault === '' ? 'visually-hidden' : 'result result-bad'} role="alert">
        {fault}
      </p>
      <div class="speak-buttons">
        <button type="submit" class="strong" aria-disabled={busy}>
          {busy ? own.entering : own.enter}
        </button>
      </div>
    </form>
  );
}
