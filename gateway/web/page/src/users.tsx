// The operator looks after who may sign in, and sees what happened at the door.

import { useEffect, useState } from 'preact/hooks';

import './seat.css';
import { useFocusInPlace } from './focus';
import { useWords } from './i18n';
import { useOperatorWords } from './operator_words';
import { ResultLine } from './result_line';
import { sayFailure } from './say_failure';
import { addUser, changeUser, getUsers, makeLink, type DoorEvent, type User } from './seat';
import type { Session } from './site';
import { Sure } from './sure';
import { useCalendar } from './time';
import { AddUser, ChangeUser } from './user_forms';

type Told = { good: boolean; text: string; link?: string } | null;

export function Users(props: { session: Session }) {
  const words = useWords();
  const own = useOperatorWords();
  const { csrf } = props.session;
  const [known, setKnown] = useState<{ users: User[]; door: DoorEvent[] } | null>(null);
  const [told, setTold] = useState<Told>(null);
  const load = (): void => {
    getUsers().then(setKnown, () => setTold({ good: false, text: own.failed }));
  };
  useEffect(load, []);
  const attempt = async (work: () => Promise<Told>): Promise<boolean> => {
    setTold(null);
    try {
      setTold(await work());
      load();
      return true;
    } catch (error) {
      setTold({ good: false, text: sayFailure(words, error) });
      return false;
    }
  };
  const link = (user: User): void =>
    void attempt(async () => ({ good: true, text: own.linkMade(user.name || user.id), link: await makeLink(user.id, csrf) }));
  const change = (user: User): Promise<boolean> =>
    attempt(async () => {
      await changeUser(user, csrf);
      return { good: true, text: own.saved };
    });
  return (
    <section class="card users" aria-labelledby="users-title">
      <h2 id="users-title">{own.users}</h2>
      <p class="muted">{own.usersMore}</p>
      <ul class="seat-list">
        {known?.users.map((user) => <UserRow key={user.id} user={user} link={link} change={change} />)}
      </ul>
      <ResultLine told={told}>
        {told?.link === undefined ? null : <code class="seat-link">{told.link}</code>}
      </ResultLine>
      <AddUser
        complain={(fault) => setTold({ good: false, text: fault })}
        send={(id, name, role) =>
          attempt(async () => {
            await addUser(id, name, role, csrf);
            return { good: true, text: own.saved };
          })
        }
      />
      <Door events={known?.door ?? []} />
    </section>
  );
}

function UserRow(props: { user: User; link: (user: User) => void; change: (user: User) => Promise<boolean> }) {
  const words = useWords();
  const own = useOperatorWords();
  const [open, setOpen] = useState(false);
  const around = useFocusInPlace<HTMLLIElement>(open, '.seat-acts button:nth-of-type(2)');
  const { user } = props;
  const name = user.name || user.id;
  return (
    <li data-user={user.id} data-disabled={user.disabled} ref={around}>
      <span>
        <strong>{name}</strong> {words.owners[user.role] ?? user.role}
        <span class="muted">
          {name === user.id ? '' : ` · ${user.id}`} · {user.disabled ? own.disabled : own.sessions(user.sessions)}
          {user.ofPage ? ` · ${own.ofPage}` : ''}
        </span>
      </span>
      <span class="seat-acts">
        {user.disabled ? (
          <Act label={own.enable} of={name} act={() => void props.change({ ...user, disabled: false })} />
        ) : (
          <>
            <Act label={own.link} of={name} act={() => props.link(user)} />
            <Act label={own.change} of={name} act={() => setOpen(true)} />
            <Sure
              label={own.disable}
              of={name}
              question={own.disableSure(name)}
              yes={own.disableYes}
              no={own.keep}
              then={() => void props.change({ ...user, disabled: true })}
            />
          </>
        )}
      </span>
      {open ? (
        <ChangeUser
          user={user}
          close={() => setOpen(false)}
          send={(changed, role) => props.change({ ...user, name: changed, role })}
        />
      ) : null}
    </li>
  );
}

function Act(props: { label: string; of: string; act: () => void }) {
  return (
    <button type="button" class="plain" onClick={props.act}>
      {props.label}
      <span class="visually-hidden"> {props.of}</span>
    </button>
  );
}

function Door(props: { events: DoorEvent[] }) {
  const own = useOperatorWords();
  const calendar = useCalendar();
  return (
    <details>
      <summary>{own.door}</summary>
      <p class="muted">{own.doorMore}</p>
      {props.events.length === 0 ? <p class="empty">{own.doorNone}</p> : null}
      <ul class="seat-list">
        {props.events.map((event, n) => (
          <li key={n}>
            <span>
              {calendar.minute(event.at)} · {own.doorWhat[event.what] ?? event.what}
              {event.user === '' ? '' : ` · ${event.user}`} · {event.peer}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
