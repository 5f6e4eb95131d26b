// Pictures of the record, small; each opens large.

import { useState } from 'preact/hooks';

import { evidenceSources } from './api';
import { useWords } from './i18n';
import { PictureMissing } from './public_pictures';
import { useViewer } from './viewer';

export interface Evidence {
  name: string;
  label: string; // before or after; empty: none
}

export function Thumbnails(props: { shown: Evidence[]; of: string }) {
  const words = useWords();
  const show = useViewer();
  const [missing, setMissing] = useState<string[]>([]);
  return (
    <ul class="thumbnails">
      {props.shown.map(({ name, label }, index) => {
        const caption = `${props.of} · ${label || words.evidence(index + 1)}`;
        return (
          <li key={name}>
            {missing.includes(name) ? (
              <span class="thumbnail-missing"><PictureMissing /></span>
            ) : (
              <button
                type="button"
                class="thumbnail"
                onClick={() => show({ caption, picture: name, overlay: '' })}
              >
                <img
                  {...evidenceSources(name, '10rem')}
                  alt={caption}
                  loading="lazy"
                  onError={() => setMissing((before) => [...before, name])}
                />
              </button>
            )}
            {label === '' ? null : <span class="thumbnail-label">{label}</span>}
          </li>
        );
      })}
    </ul>
  );
}
