// Two days of a building side by side, or one over the other.

import { useState } from 'preact/hooks';

import { evidenceSources } from './api';
import { EvidenceImage } from './evidence_image';
import { nearest, pictureUpTo } from './history';
import { useWords } from './i18n';
import { buildingName } from './sentence';
import type { Building, HistoryPoint } from './site';
import { dayOf, useCalendar } from './time';
import { useViewer } from './viewer';

export function Compare(props: { building: Building; points: HistoryPoint[] }) {
  const words = useWords();
  const calendar = useCalendar();
  const show = useViewer();
  const { building } = props;
  const points = props.points.filter((point) => point.picture !== '');
  const [earlier, setEarlier] = useState(0);
  const [later, setLater] = useState(points.length - 1);
  const chosen = [
    { name: words.history.earlier, at: earlier, set: setEarlier },
    { name: words.history.later, at: later, set: setLater },
  ];
  const [before, after] = [pictureUpTo(points, earlier), pictureUpTo(points, later)];
  if (before === null || after === null) return null;
  const captionOf = (point: HistoryPoint): string =>
    words.pictureAlt(buildingName(building), calendar.minute(point.at));
  return (
    <div class="compare">
      <div class="compare-pair">
        {chosen.map(({ name, at, set }) => {
          const point = points[at] as HistoryPoint;
          return (
            <figure key={name}>
              <label class="pictures-field">
                {name}
                <input
                  type="date"
                  min={dayOf((points[0] as HistoryPoint).at)}
                  max={dayOf((points[points.length - 1] as HistoryPoint).at)}
                  value={dayOf(point.at)}
                  onChange={(event) => {
                    const noon = Date.parse(`${event.currentTarget.value}T04:00:00Z`);
                    if (!Number.isNaN(noon)) set(nearest(points, noon));
                  }}
                />
              </label>
              <EvidenceImage {...evidenceSources(point.picture, '46vw')} alt={captionOf(point)} />
              <figcaption>
                {calendar.minute(point.at)} · {words.castMark(String(Math.round(point.storeys)))}
              </figcaption>
            </figure>
          );
        })}
      </div>
      <button
        type="button"
        class="plain"
        onClick={() =>
          show({
            caption: `${captionOf(before)} / ${calendar.minute(after.at)}`,
            picture: after.picture,
            before: before.picture,
            overlay: '',
          })
        }
      >
        {words.history.slide}
      </button>
    </div>
  );
}
