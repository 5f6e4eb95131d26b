// The operator looks after who may sign in, and sees what happened at the door.

import { useEffect, useState } from 'preact/hooks';

import { useWords } from './i18n';
import { getUsers, makeLink, type DoorEvent, type User } from './seat';
import { useSeatWords } from './sign_in_form';
import type { Session } from './site';
import { useCalendar } from './time';

export function Users(props: { session: Session }) {
  const words = useWords();
  const own = useSeatWords();
  const calendar = useCalendar();
  const [known, setKnown] = useState<{ users: User[]; door: DoorEvent[] } | null>(null);
  const [link, setLink] = useState<{ name: string; address: string } | null>(null);
  const [failed, setFailed] = useState(false);
  const load = (): void => {
    getUsers().then(setKnown, () => setFailed(true));
  };
  useEffect(load, []);
  const make = async (user: User): Promise<void> => {
    setFailed(false);
    try {
      setLink({ name: user.name || user.id, address: await makeLink(user.id, props.session.csrf) });
      load();
    } catch {
      setFailed(true);
    }
  };
  return (
    <section class="card users" aria-labelledby="users-title">
      <h2 id="users-title">{own.users}</h2>
      <p class="muted">{own.usersMore}</p>
      <ul class="seat-list">
        {known?.users.map((user) => (
          <li key={user.id} data-user={user.id}>
            <span>
              <strong>{user.name || user.id}</strong> {words.owners[user.role] ?? user.role}
              {' · '}
              {own.usersSessions(user.sessions)}
            </span>{' '}
            <button type="button" class="plain" onClick={() => void make(user)}>
              {own.link}
              <span class="visually-hidden">
                {words.colon}
                {user.name || user.id}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div role="status">
        {link === null ? null : (
          <p class="result result-good">
            {own.linkMade(link.name)} <code class="seat-link">{link.address}</code>
          </p>
        )}
      </div>
      <p class={failed ? 'result result-bad' : 'visually-hidden'} role="alert">
        {failed ? own.failed : ''}
      </p>
      <details>
        <summary>{own.door}</summary>
        <p class="muted">{own.doorMore}</p>
        {known?.door.length === 0 ? <p class="empty">{own.doorNone}</p> : null}
        <ul class="seat-list">
          {known?.door.map((event, n) => (
            <li key={n}>
              {calendar.minute(event.at)} · {own.doorWhat[event.what] ?? event.what}
              {event.user === '' ? '' : ` · ${event.user}`} · {event.peer}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
