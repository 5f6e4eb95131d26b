// Keeps the page's copy of the site fresh: re-reads it when the stream says that something changed,
// and by the clock when the stream is away, as on a mirror. Nothing is read while nobody looks.

import { getSite, keptSite, Refused } from './api';
import { forget } from './kept';
import { onMirror } from './mirror';
import type { Site } from './site';

/// How the last attempt to read the box went, and what the box said when it last answered.
export interface View {
  site: Site | null;
  /// performance.now() of the last good answer; NaN when that is not known.
  readAt: number;
  state: 'loading' | 'live' | 'away' | 'refused';
}

const slowly = 30_000; // while the stream stands: a second opinion, it may hang unnoticed
const often = 5_000; // while it does not

export interface Following {
  refresh: () => void;
  stop: () => void;
}

export function follow(show: (view: View) => void): Following {
  let view: View = { site: null, readAt: 0, state: 'loading' };
  let stream: EventSource | null = null;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let again = false;
  let stopped = false;

  const set = (change: Partial<View>): void => {
    view = { ...view, ...change };
    show(view);
  };

  const schedule = (): void => {
    clearTimeout(next);
    if (stopped || document.hidden) return;
    const standing = onMirror || (stream?.readyState === EventSource.OPEN && view.state === 'live');
    next = setTimeout(() => void read(), standing || view.state === 'refused' ? slowly : often);
  };

  const read = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    do {
      again = false;
      try {
        const { site, age, late } = await getSite();
        if (stopped) return;
        set({ site, readAt: performance.now() - age, state: late ? 'away' : 'live' });
        open();
      } catch (error) {
        if (stopped) return;
        const refused = !onMirror && error instanceof Refused && (error.status === 401 || error.status === 403);
        if (refused) {
          close();
          void forget();
        }
        const last = refused || view.site !== null ? null : await keptSite();
        if (stopped) return;
        set({ state: refused ? 'refused' : 'away', ...(last === null ? {} : { site: last.site, readAt: performance.now() - last.age }) });
      }
    } while (again);
    reading = false;
    schedule();
  };

  const close = (): void => {
    clearTimeout(reopen);
    reopen = undefined;
    stream?.close();
    stream = null;
  };

  const open = (): void => {
    if (onMirror || stream !== null || reopen !== undefined || stopped || document.hidden) return;
    stream = new EventSource('/api/v1/stream');
    stream.addEventListener('change', () => void read());
    stream.addEventListener('open', schedule);
    stream.addEventListener('error', () => {
      // The browser's own retry gives up for good on some answers; ours does not.
      close();
      reopen = setTimeout(() => {
        reopen = undefined;
        void read();
      }, 2_000);
      void read();
    });
  };

  const look = (): void => {
    if (document.hidden) {
      close();
      clearTimeout(next);
    } else {
      void read();
    }
  };

  document.addEventListener('visibilitychange', look);
  window.addEventListener('online', look);
  void read();
  return {
    refresh: () => void read(),
    stop: () => {
      stopped = true;
      close();
      clearTimeout(next);
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('online', look);
    },
  };
}
