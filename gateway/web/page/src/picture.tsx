// A building's latest picture, its age, and the storey ruler over it.

import { useContext, useState } from 'preact/hooks';

import { evidenceSources } from './api';
import { useAsked } from './evidence_image';
import { useWords } from './i18n';
import { PictureMissing, PublicRule } from './public_pictures';
import { buildingName } from './sentence';
import type { Building } from './site';
import { useCalendar } from './time';
import { useViewer } from './viewer';

export function LatestPicture(props: { building: Building }) {
  const words = useWords();
  const calendar = useCalendar();
  const show = useViewer();
  const [overlay, setOverlay] = useState(true);
  const rule = useContext(PublicRule).shown;
  const delayed = rule === 'delayed';
  const shown = rule === 'live' ? props.building.estimate : delayed ? props.building.publicPicture : null;
  const picture = shown === null ? '' : shown.picture || shown.overlay;
  const name = overlay && shown !== null && shown.overlay !== '' ? shown.overlay : picture;
  const { missing, tells } = useAsked(name);
  if (shown === null || picture === '') {
    return (
      <figure class="picture">
        <div class="picture-none">{rule === 'live' ? words.pictureNone : <PictureMissing />}</div>
      </figure>
    );
  }
  const when = calendar.minute(shown.pictureAt);
  const alt = words.pictureAlt(buildingName(props.building), when);
  return (
    <figure class="picture">
      {missing ? (
        <div class="picture-none"><PictureMissing /></div>
      ) : (
        <button
          type="button"
          class="picture-open"
          onClick={() =>
            show({ caption: alt, picture, overlay: shown.overlay, withOverlay: overlay })
          }
        >
          <img {...evidenceSources(name, '(min-width: 60rem) 48vw, 92vw')} alt={alt} onError={tells.onError} />
          <span class="picture-hint">{words.enlarge}</span>
        </button>
      )}
      <figcaption>
        <span class="picture-caption">
          <strong>{delayed ? words.pictureDelayed : words.picture}</strong>
          <span>{words.pictureTaken(when, calendar.since(shown.pictureAt))}</span>
          <span class="muted">{words.pictureMore}</span>
        </span>
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
      </figcaption>
    </figure>
  );
}
