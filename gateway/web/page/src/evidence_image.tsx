// A picture of the record that may not come: nobody was signed in, or the box was out of reach. It is
// asked for again when the box answers this visitor again.

import { createContext } from 'preact';
import type { JSX } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

/// Counts how often the box began to answer whoever looks.
export const Round = createContext(0);

/// Whether this picture did not come in this round, and what to call when it does not.
export function useMissing(name: string): [missing: boolean, miss: () => void] {
  const here = `${useContext(Round)} ${name}`;
  const [missed, setMissed] = useState('');
  return [missed === here, () => setMissed(here)];
}

/// For an element that stays in its place whether its picture comes or not: what it tells, and the
/// key of the element that asks.
export function useComesAgain(): [key: number, tells: { onLoad: () => void; onError: () => void }] {
  const round = useContext(Round);
  const [asked, setAsked] = useState(round);
  const failed = useRef(false);
  useEffect(() => {
    if (!failed.current) return;
    failed.current = false;
    setAsked(round); // a browser asks once for an element
  }, [round]);
  return [asked, { onLoad: () => (failed.current = false), onError: () => (failed.current = true) }];
}

export function EvidenceImage({ shown, ...rest }: JSX.ImgHTMLAttributes<HTMLImageElement> & { shown?: () => void }) {
  const [asked, { onLoad, onError }] = useComesAgain();
  const load = (): void => {
    onLoad();
    shown?.();
  };
  return <img key={asked} {...rest} onLoad={load} onError={onError} />;
}
