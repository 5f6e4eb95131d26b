// Who is looking. A link carries a token; it is exchanged for a cookie and leaves the address bar
// before anything else happens, so that it is neither shared by accident nor kept in the history.

import { getSession, Refused, signIn, signOut, Unreachable } from './api';
import { enteredByLink } from './first_html';
import { onMirror } from './mirror';
import type { Session } from './site';

function takeToken(): string {
  const address = new URL(window.location.href);
  const token = address.searchParams.get('signin') ?? address.searchParams.get('viewer') ?? '';
  if (address.searchParams.has('signin') || address.searchParams.has('viewer')) {
    address.searchParams.delete('signin');
    address.searchParams.delete('viewer');
    history.replaceState(null, '', address.pathname + address.search + address.hash);
  }
  return token;
}

/// What became of the link's token: `refused` is used up, too old or mistyped; `locked` is too many
/// wrong ones from this network.
export type Link = 'none' | 'accepted' | 'refused' | 'locked';

export interface Arrival {
  session: Session | null;
  link: Link;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/// Keeps trying while the box is out of reach: the token is nowhere else any more.
async function exchange(token: string, waiting: () => void): Promise<Link> {
  for (;;) {
    try {
      await signIn(token);
      return 'accepted';
    } catch (error) {
      if (error instanceof Refused && error.status === 429) return 'locked';
      if (error instanceof Refused && error.status < 500) return 'refused';
      waiting();
      await pause(3_000);
    }
  }
}

export async function arrive(waiting: () => void): Promise<Arrival> {
  const token = takeToken();
  if (onMirror) return { session: null, link: 'none' };
  const link = token === '' ? 'none' : enteredByLink() ? 'accepted' : await exchange(token, waiting);
  return { session: await whoAmI(), link };
}

/// Null for somebody without a session, and while the box is out of reach.
export async function whoAmI(): Promise<Session | null> {
  try {
    return await getSession();
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreachable) return null;
    throw error;
  }
}

export async function leave(session: Session): Promise<void> {
  await signOut(session.csrf);
}

/// Does this person speak for the supervision group? The box decides in the end; the page only offers.
export const maySpeak = (session: Session | null): session is Session =>
  session !== null && session.id !== '' && session.role === 'group';
