// What a signed-in person sees of their own seat: where they are signed in, and their password.

import { useEffect, useId, useState } from 'preact/hooks';

import './field.css';
import { useWords } from './i18n';
import { ResultLine, type Result } from './result_line';
import { sayFailure } from './say_failure';
import { endSeat, getSeats, setPassword, type Seat } from './seat';
import { useSeatWords } from './sign_in_form';
import type { Session } from './site';

export function SeatCard(props: { session: Session }) {
  const own = useSeatWords();
  const [open, setOpen] = useState(false);
  return (
    <details class="card seat-card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{own.seat}</summary>
      {open ? <OwnSeat session={props.session} /> : null}
    </details>
  );
}

function OwnSeat(props: { session: Session }) {
  const words = useWords();
  const own = useSeatWords();
  const id = useId();
  const { csrf } = props.session;
  const [seats, setSeats] = useState<Seat[]>([]);
  const [fresh, setFresh] = useState('');
  const [told, setTold] = useState<Result | null>(null);
  const load = (): void => {
    getSeats().then(setSeats, () => setTold({ good: false, text: own.failed }));
  };
  useEffect(load, []);
  const attempt = async (work: () => Promise<void>, done: string): Promise<void> => {
    try {
      await work();
      setTold({ good: true, text: done });
      load();
    } catch (error) {
      setTold({ good: false, text: sayFailure(words, error) });
    }
  };
  const save = (): Promise<void> =>
    attempt(async () => {
      await setPassword(fresh, csrf);
      setFresh('');
    }, own.passwordSet);
  return (
    <>
      <h3>{own.sessions}</h3>
      <ul class="seat-list">
        {seats.map((seat) => (
          <li key={seat.id}>
            <span>{own.age(Math.floor(seat.ageSeconds / 3600))}</span>{' '}
            {seat.own ? (
              <strong>{own.thisOne}</strong>
            ) : (
              <button type="button" class="plain" onClick={() => void attempt(() => endSeat(seat.id, csrf), own.ended)}>
                {own.end}
              </button>
            )}
          </li>
        ))}
      </ul>
      <form
        class="seat-form fields"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input class="visually-hidden" type="text" autoComplete="username" value={props.session.id} readOnly tabIndex={-1} aria-hidden="true" />
        <label for={`${id}-password`}>{own.newPassword}</label>
        <input
          id={`${id}-password`}
          type="password"
          autoComplete="new-password"
          maxLength={256}
          value={fresh}
          aria-describedby={`${id}-hint`}
          onInput={(event) => setFresh(event.currentTarget.value)}
        />
        <p class="muted" id={`${id}-hint`}>
          {own.newPasswordMore}
        </p>
        <div class="speak-buttons">
          <button type="submit" class="plain">
            {own.setPassword}
          </button>
        </div>
      </form>
      <ResultLine told={told} />
    </>
  );
}
