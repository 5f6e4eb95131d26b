// A picture of the record that may not come: nobody was signed in, or the box was out of reach. It is
// asked for again when the box answers this visitor again.

import { createContext } from 'preact';
import type { JSX } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

/// Counts how often the box began to answer whoever looks.
export const Round = createContext(0);

/// Of the picture by this name: whether it did not come, what its element tells, and the key under
/// which an element that stays in its place asks anew.
export function useAsked(name = ''): { missing: boolean; tells: { onLoad: () => void; onError: () => void }; key: number } {
  const round = useContext(Round);
  const [missed, setMissed] = useState<string | null>(null);
  const [key, setKey] = useState(round);
  useEffect(() => {
    if (missed === null) return;
    setMissed(null);
    setKey(round); // a browser asks once for an element
  }, [round]);
  return { missing: missed === name, tells: { onLoad: () => setMissed(null), onError: () => setMissed(name) }, key };
}

export function EvidenceImage({ shown, ...rest }: JSX.ImgHTMLAttributes<HTMLImageElement> & { shown?: () => void }) {
  const { key, tells } = useAsked();
  const load = (): void => {
    tells.onLoad();
    shown?.();
  };
  return <img key={key} {...rest} onLoad={load} onError={tells.onError} />;
}
