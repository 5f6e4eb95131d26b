// A person's seat: signing in by password, own sessions; for the operator the users and the door.

import { ask, send } from './api';
import { count, fields, list, oneOf, text } from './reading';

export interface Seat {
  id: string;
  ageSeconds: number;
  own: boolean;
}

export const roles = ['group', 'contractor', 'operator'] as const;
export type Role = (typeof roles)[number];

export interface User {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
  ofPage: boolean;
  sessions: number;
}

export interface DoorEvent {
  at: string;
  what: string;
  user: string;
  peer: string;
}

export const signInByPassword = async (user: string, password: string): Promise<void> => {
  await ask('/api/v1/session', send('POST', { user, password }, ''));
};

export const getSeats = async (): Promise<Seat[]> =>
  list(fields(await ask('/api/v1/sessions'))['sessions'], (value) => {
    const from = fields(value);
    return { id: text(from['id']), ageSeconds: count(from['age_seconds']), own: from['own'] === true };
  });

export const endSeat = async (id: string, csrf: string): Promise<void> => {
  await ask(`/api/v1/sessions/${encodeURIComponent(id)}`, send('DELETE', {}, csrf));
};

export const setPassword = async (password: string, csrf: string): Promise<void> => {
  await ask('/api/v1/password', send('PUT', { password }, csrf));
};

export async function getUsers(): Promise<{ users: User[]; door: DoorEvent[] }> {
  const from = fields(await ask('/api/v1/users'));
  return {
    users: list(from['users'], (value) => {
      const user = fields(value);
      return {
        id: text(user['id']),
        name: text(user['name']),
        role: oneOf(roles, user['role']) ?? 'group',
        disabled: user['disabled'] === true,
        ofPage: user['of_page'] === true,
        sessions: count(user['sessions']),
      };
    }),
    door: list(from['door'], (value) => {
      const event = fields(value);
      return { at: text(event['at']), what: text(event['what']), user: text(event['user']), peer: text(event['peer']) };
    }),
  };
}

/// Of a name that is left empty the box makes the id.
const named = (name: string): { name?: string } => (name === '' ? {} : { name });

export const addUser = async (id: string, name: string, role: Role, csrf: string): Promise<void> => {
  await ask('/api/v1/users', send('POST', { id, role, ...named(name) }, csrf));
};

export const changeUser = async (user: User, csrf: string): Promise<void> => {
  const { role, disabled } = user;
  await ask(`/api/v1/users/${encodeURIComponent(user.id)}`, send('PUT', { role, disabled, ...named(user.name) }, csrf));
};

/// The address of a fresh one-time link; the box does not tell it again.
export async function makeLink(user: string, csrf: string): Promise<string> {
  const made = await ask(`/api/v1/users/${encodeURIComponent(user)}/links`, send('POST', {}, csrf));
  return `${window.location.origin}/?signin=${text(fields(made)['token'])}`;
}
