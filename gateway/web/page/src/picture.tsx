// A building's latest picture, its age, and the storey ruler over it.

import { useState } from 'preact/hooks';

import { evidenceSources } from './api';
import { useWords } from './i18n';
import { PictureMissing } from './public_pictures';
import { buildingName } from './sentence';
import type { Building } from './site';
import { useCalendar } from './time';
import { useViewer } from './viewer';

export function LatestPicture(props: { building: Building }) {
  const words = useWords();
  const calendar = useCalendar();
  const show = useViewer();
  const [overlay, setOverlay] = useState(true);
  const [missing, setMissing] = useState('');
  const estimate = props.building.estimate;
  if (estimate === null || (estimate.picture === '' && estimate.overlay === '')) {
    return (
      <figure class="picture">
        <div class="picture-none">{words.pictureNone}</div>
      </figure>
    );
  }
  const picture = estimate.picture || estimate.overlay;
  const name = overlay && estimate.overlay !== '' ? estimate.overlay : picture;
  const when = calendar.minute(estimate.pictureAt);
  const alt = words.pictureAlt(buildingName(props.building), when);
  return (
    <figure class="picture">
      {missing === name ? (
        <div class="picture-none"><PictureMissing /></div>
      ) : (
        <button
          type="button"
          class="picture-open"
          onClick={() =>
            show({ caption: alt, picture, overlay: estimate.overlay, withOverlay: overlay })
          }
        >
          <img {...evidenceSources(name, '(min-width: 60rem) 48vw, 92vw')} alt={alt} onError={() => setMissing(name)} />
          <span class="picture-hint">{words.enlarge}</span>
        </button>
      )}
      <figcaption>
        <span class="picture-caption">
          <strong>{words.picture}</strong>
          <span>{words.pictureTaken(when, calendar.since(estimate.pictureAt))}</span>
          <span class="muted">{words.pictureMore}</span>
        </span>
        {estimate.overlay === '' ? null : (
          <label class="toggle">
            <input
              type="checkbox"
              checked={overlay}
              onChange={(event) => setOverlay(event.currentTarget.checked)}
            />
            <span>{words.overlay}</span>
          </label>
        )}
      </figcaption>
    </figure>
  );
}
