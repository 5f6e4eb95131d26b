// A picture, larger: one dialog for the whole page.

import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

import { evidenceAddress } from './api';
import { BeforeAfter } from './before_after';
import { EvidenceImage } from './evidence_image';
import { useWords } from './i18n';

export interface Shown {
  caption: string;
  picture: string;
  /// The same picture with the storey ruler drawn; empty when there is none.
  overlay: string;
  /// Another picture of the same place from before: the two lie over each other.
  before?: string;
  withOverlay?: boolean;
}

const Show = createContext<(shown: Shown) => void>(() => undefined);
export const useViewer = (): ((shown: Shown) => void) => useContext(Show);

export function ViewerPlace(props: { children: ComponentChildren }) {
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <Show.Provider value={setShown}>
      {props.children}
      {shown === null ? null : <Viewer shown={shown} close={() => setShown(null)} />}
    </Show.Provider>
  );
}

function Viewer(props: { shown: Shown; close: () => void }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [overlay, setOverlay] = useState(props.shown.withOverlay ?? false);
  const [large, setLarge] = useState(() => window.innerWidth < window.innerHeight);
  const { shown } = props;
  const before = shown.before ?? '';
  const compared = before !== '';

  useEffect(() => {
    const box = dialog.current;
    if (box === null) return;
    const before = document.activeElement;
    if (typeof box.showModal === 'function') box.showModal();
    else box.setAttribute('open', '');
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const centre = (): void => {
    const frame = stage.current;
    if (frame !== null) frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
  };
  useEffect(centre, [large]);

  const name = overlay && shown.overlay !== '' ? shown.overlay : shown.picture;
  return (
    <dialog class="viewer" ref={dialog} onClose={props.close} aria-label={shown.caption}>
      <div class="viewer-bar">
        <div class="viewer-title">
          <p>{shown.caption}</p>
          <button type="button" class="strong" onClick={props.close}>
            {words.close}
          </button>
        </div>
        <div class="viewer-tools">
          {shown.overlay === '' ? null : (
            <label class="toggle">
              <input
                type="checkbox"
                checked={overlay}
                onChange={(event) => setOverlay(event.currentTarget.checked)}
              />
              <span>{words.overlay}</span>
            </label>
          )}
          {compared ? null : (
            <button type="button" class="plain" onClick={() => setLarge(!large)}>
              {large ? words.fit : words.actualSize}
            </button>
          )}
        </div>
      </div>
      <div class={large && !compared ? 'viewer-stage viewer-large' : 'viewer-stage'} ref={stage} tabIndex={0}>
        {compared ? (
          <BeforeAfter before={before} after={name} alt={shown.caption} />
        ) : (
          <EvidenceImage src={evidenceAddress(name)} alt={shown.caption} shown={centre} />
        )}
      </div>
    </dialog>
  );
}
