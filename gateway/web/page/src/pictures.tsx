// The pictures behind the curve: play them, stop at one, choose a day, hold two days side by side.
// The curve's slider is the player's as well.

import { useContext, useEffect, useState } from 'preact/hooks';

import { evidenceSources } from './api';
import { Compare } from './compare';
import { EvidenceImage } from './evidence_image';
import { nearest, pictureUpTo, withPublicPictures } from './history';
import { useWords } from './i18n';
import { PublicRule } from './public_pictures';
import { buildingName } from './sentence';
import type { Building, HistoryPoint } from './site';
import { dayOf, SiteTime, useCalendar } from './time';
import { useViewer } from './viewer';

const sizes = '(min-width: 60rem) 640px, 92vw';
/// Pictures a second.
const paces = { slow: 1, normal: 4, fast: 10 } as const;
type Pace = keyof typeof paces;

const quiet = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export function Pictures(props: {
  building: Building;
  points: HistoryPoint[];
  at: number;
  choose: (at: number) => void;
}) {
  const words = useWords();
  const calendar = useCalendar();
  const show = useViewer();
  const { building, at, choose } = props;
  const { now } = useContext(SiteTime);
  const points = withPublicPictures(props.points, useContext(PublicRule), now);
  const [shown, setShown] = useState(false);
  const [playing, setPlaying] = useState(false);
  const [pace, setPace] = useState<Pace>(quiet() ? 'slow' : 'normal');
  const [comparing, setComparing] = useState(false);
  usePlay(points, at, choose, playing ? paces[pace] : 0, () => setPlaying(false));
  if (pictureUpTo(points, points.length - 1) === null) return null;

  const play = (): void => {
    setShown(true);
    if (at === points.length - 1) choose(0);
    setPlaying(true);
  };
  const here = pictureUpTo(points, at);
  const caption = here === null ? '' : words.pictureAlt(buildingName(building), calendar.minute(here.at));
  const first = points[0] as HistoryPoint;
  const last = points[points.length - 1] as HistoryPoint;
  return (
    <div class="pictures">
      <div class="pictures-tools">
        <button type="button" class="strong pictures-play" onClick={playing ? () => setPlaying(false) : play}>
          {playing ? words.history.pause : words.history.play}
        </button>
        <label class="pictures-field">
          {words.history.speed}
          <select value={pace} onChange={(event) => setPace(event.currentTarget.value as Pace)}>
            {(Object.keys(paces) as Pace[]).map((one) => (
              <option key={one} value={one}>
                {words.history.speeds[one]}
              </option>
            ))}
          </select>
        </label>
        <label class="pictures-field">
          {words.history.day}
          <input
            type="date"
            min={dayOf(first.at)}
            max={dayOf(last.at)}
            value={dayOf((points[at] as HistoryPoint).at)}
            onChange={(event) => {
              const noon = Date.parse(`${event.currentTarget.value}T04:00:00Z`);
              if (Number.isNaN(noon)) return;
              setPlaying(false);
              setShown(true);
              choose(nearest(points, noon));
            }}
          />
        </label>
        <button type="button" class="plain" aria-expanded={shown} onClick={() => { setPlaying(false); setShown(!shown); }}>
          {shown ? words.history.hide : words.history.photo}
        </button>
        <button type="button" class="plain" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
          {words.history.compare}
        </button>
      </div>
      {!shown ? null : here === null ? (
        <p class="empty">{words.history.noPicture}</p>
      ) : (
        <figure class="pictures-shown">
          <button type="button" class="picture-open" onClick={() => show({ caption, picture: here.picture, overlay: '' })}>
            <EvidenceImage {...evidenceSources(here.picture, sizes)} alt={caption} />
            <span class="picture-hint">{words.enlarge}</span>
          </button>
          <figcaption>{calendar.minute(here.at)}</figcaption>
        </figure>
      )}
      {comparing ? <Compare building={building} points={points} /> : null}
    </div>
  );
}

/// Goes to the next picture once it has come, so many a second at most. Ends at the last.
function usePlay(points: HistoryPoint[], at: number, choose: (at: number) => void, pace: number, end: () => void): void {
  useEffect(() => {
    if (pace === 0) return;
    let next = at + 1;
    while (next < points.length && points[next]?.picture === '') next += 1;
    const point = points[next];
    if (point === undefined) {
      end();
      return;
    }
    let gone = false;
    const due = performance.now() + 1000 / pace;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const image = new Image();
    Object.assign(image, { sizes, srcset: evidenceSources(point.picture, sizes).srcset });
    const go = (): void => {
      if (!gone) timer = setTimeout(() => choose(next), Math.max(0, due - performance.now()));
    };
    image.decode().then(go, go); // one that does not come is passed over
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [at, pace, points.length]);
}
