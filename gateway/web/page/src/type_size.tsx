// Larger type for eyes that need it, kept on this device.

import { useState } from 'preact/hooks';

import './type_size.css';
import { useWords } from './i18n';

const shelf = 'jieding.type';

function kept(): boolean {
  try {
    return localStorage.getItem(shelf) === 'large';
  } catch {
    return false; // a browser that keeps nothing
  }
}

function apply(large: boolean): void {
  document.documentElement.classList.toggle('large-type', large);
}

/// Before anything is drawn, so that nothing jumps.
export const applyKeptTypeSize = (): void => apply(kept());

export function TypeSize() {
  const words = useWords();
  const [large, setLarge] = useState(kept);
  const change = (): void => {
    apply(!large);
    setLarge(!large);
    try {
      localStorage.setItem(shelf, large ? 'usual' : 'large');
    } catch {
      // it will be the usual size again next time
    }
  };
  return (
    <button type="button" class="plain" aria-pressed={large} onClick={change}>
      {words.largeType}
    </button>
  );
}
