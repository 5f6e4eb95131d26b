// The forms by which the operator adds somebody or gives them another name or role.

import { useId, useState } from 'preact/hooks';

import './field.css';
import { useFocusInPlace } from './focus';
import { useWords } from './i18n';
import { useOperatorWords } from './operator_words';
import { roles, type Role, type User } from './seat';

function NameAndRole(props: { id: string; name: string; role: Role; setName: (name: string) => void; setRole: (role: Role) => void }) {
  const words = useWords();
  const own = useOperatorWords();
  return (
    <>
      <label for={`${props.id}-name`}>{own.name}</label>
      <input
        id={`${props.id}-name`}
        type="text"
        autoComplete="off"
        maxLength={40}
        value={props.name}
        onInput={(event) => props.setName(event.currentTarget.value)}
      />
      <label for={`${props.id}-role`}>{own.role}</label>
      <select
        id={`${props.id}-role`}
        value={props.role}
        onChange={(event) => props.setRole(roles.find((role) => role === event.currentTarget.value) ?? props.role)}
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {words.owners[role]}
          </option>
        ))}
      </select>
    </>
  );
}

function Buttons(props: { strong: string; cancel: () => void }) {
  const words = useWords();
  return (
    <div class="speak-buttons">
      <button type="submit" class="strong">
        {props.strong}
      </button>
      <button type="button" class="plain" onClick={props.cancel}>
        {words.cancel}
      </button>
    </div>
  );
}

/// `send` is true when it is done.
export function AddUser(props: { send: (id: string, name: string, role: Role) => Promise<boolean>; complain: (fault: string) => void }) {
  const own = useOperatorWords();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [user, setUser] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('group');
  const around = useFocusInPlace<HTMLDivElement>(open);
  if (!open) {
    return (
      <div class="speak-buttons" ref={around}>
        <button type="button" class="strong" onClick={() => setOpen(true)}>
          {own.add}
        </button>
      </div>
    );
  }
  const submit = async (): Promise<void> => {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(user.trim())) return props.complain(own.idMissing);
    if (!(await props.send(user.trim(), name.trim(), role))) return;
    setUser('');
    setName('');
    setOpen(false);
  };
  return (
    <div ref={around}>
      <form
        class="fields user-form"
        noValidate
        aria-label={own.addTitle}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label for={`${id}-id`}>{own.id}</label>
        <input
          id={`${id}-id`}
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          maxLength={64}
          value={user}
          onInput={(event) => setUser(event.currentTarget.value)}
        />
        <NameAndRole id={id} name={name} role={role} setName={setName} setRole={setRole} />
        <Buttons strong={own.addSend} cancel={() => setOpen(false)} />
      </form>
    </div>
  );
}

export function ChangeUser(props: { user: User; send: (name: string, role: Role) => Promise<boolean>; close: () => void }) {
  const own = useOperatorWords();
  const id = useId();
  const [name, setName] = useState(props.user.name);
  const [role, setRole] = useState<Role>(props.user.role);
  const submit = async (): Promise<void> => {
    if (await props.send(name.trim(), role)) props.close();
  };
  return (
    <form
      class="fields user-form"
      noValidate
      aria-label={`${own.change} ${props.user.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <NameAndRole id={id} name={name} role={role} setName={setName} setRole={setRole} />
      <Buttons strong={own.save} cancel={props.close} />
    </form>
  );
}
