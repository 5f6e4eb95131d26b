// Pictures of the record, small; each opens large.

import { evidenceSources } from './api';
import { useAsked } from './evidence_image';
import { useWords } from './i18n';
import { PictureMissing } from './public_pictures';
import { useViewer } from './viewer';

export interface Evidence {
  name: string;
  label: string; // before or after; empty: none
}

export function Thumbnails(props: { shown: Evidence[]; of: string }) {
  const words = useWords();
  return (
    <ul class="thumbnails">
      {props.shown.map(({ name, label }, index) => {
        const caption = `${props.of} · ${label || words.evidence(index + 1)}`;
        return (
          <li key={name}>
            <Thumbnail name={name} caption={caption} />
            {label === '' ? null : <span class="thumbnail-label">{label}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function Thumbnail({ name, caption }: { name: string; caption: string }) {
  const show = useViewer();
  const { missing, tells } = useAsked(name);
  if (missing) return <span class="thumbnail-missing"><PictureMissing /></span>;
  return (
    <button type="button" class="thumbnail" onClick={() => show({ caption, picture: name, overlay: '' })}>
      <img {...evidenceSources(name, '10rem')} alt={caption} loading="lazy" onError={tells.onError} />
    </button>
  );
}
