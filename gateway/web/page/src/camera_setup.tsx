// The operator says where each camera looks: four corners of a building's front, and masks.

import { useEffect, useId, useRef, useState } from 'preact/hooks';

import './camera_setup.css';
import './field.css';
import { evidenceAddress } from './api';
import { askRuler, getCameras, scaffolds, setUp, takeBack, type Camera, type CameraSetup, type Facade } from './camera';
import { CameraPicture, type Handle } from './camera_picture';
import { cameraEn, cameraZh } from './camera_words';
import { goRound, type Corners, type Point } from './homography';
import { useWords } from './i18n';
import { sayFailure } from './say_failure';
import type { Building, Session, Site } from './site';

const useCameraWords = (): typeof cameraZh => (useWords().lang === 'en' ? cameraEn : cameraZh);

export function CameraSetups(props: { site: Site; session: Session; refresh: () => void }) {
  const own = useCameraWords();
  const id = useId();
  const [cameras, setCameras] = useState<Camera[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [chosen, setChosen] = useState('');
  const load = (): void => {
    setFailed(false);
    getCameras().then(setCameras, () => setFailed(true));
  };
  useEffect(load, []);
  const camera = cameras?.find((one) => one.id === chosen) ?? cameras?.[0];
  return (
    <section class="card camera-setup fields" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{own.title}</h2>
      {failed ? (
        <p role="alert">
          {own.failed}{' '}
          <button type="button" class="plain" onClick={load}>
            {own.again}
          </button>
        </p>
      ) : null}
      {cameras?.length === 0 ? <p class="empty">{own.none}</p> : null}
      {camera === undefined ? null : (
        <>
          <p class="muted">{own.more}</p>
          {(cameras?.length ?? 0) > 1 ? (
            <>
              <label for={`${id}-camera`}>{own.camera}</label>
              <select id={`${id}-camera`} value={camera.id} onChange={(event) => setChosen(event.currentTarget.value)}>
                {cameras?.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name || one.id}
                  </option>
                ))}
              </select>
            </>
          ) : null}
          <Editor key={`${camera.id} ${camera.ledgerIndex}`} {...props} camera={camera} reload={load} />
        </>
      )}
    </section>
  );
}

/// A building that stands in the middle of the picture, to begin from.
const middleOf = ([w, h]: Point): Corners => [
  [w * 0.35, h * 0.85],
  [w * 0.65, h * 0.85],
  [w * 0.65, h * 0.2],
  [w * 0.35, h * 0.2],
];

const rounded = (px: number): number => Math.round(px * 10) / 10;
const within = (px: number, most: number): number => Math.min(most, Math.max(0, rounded(px)));

function Editor(props: {
  site: Site;
  session: Session;
  refresh: () => void;
  reload: () => void;
  camera: Camera;
}) {
  const words = useWords();
  const own = useCameraWords();
  const id = useId();
  const { camera, site, session } = props;
  const [setup, setSetup] = useState<CameraSetup>({ facades: camera.facades, masks: camera.masks });
  const [changed, setChanged] = useState(false);
  const [buildingId, setBuildingId] = useState(camera.facades[0]?.building ?? site.buildings[0]?.id ?? '');
  const [spans, setSpans] = useState<Record<string, number>>({});
  const [ownPicture, setOwnPicture] = useState('');
  const [busy, setBusy] = useState<'' | 'ruler' | 'save'>('');
  const [fault, setFault] = useState('');
  const [told, setTold] = useState('');
  const [ruled, setRuled] = useState('');

  useEffect(() => () => URL.revokeObjectURL(ownPicture), [ownPicture]);

  const building = site.buildings.find((one) => one.id === buildingId);
  const facade = setup.facades.find((one) => one.building === buildingId);
  const planned = building?.planned ?? 1;
  const span = spans[buildingId] ?? planned;
  const source = ownPicture !== '' ? ownPicture : camera.picture === '' ? '' : evidenceAddress(camera.picture);

  const change = (next: CameraSetup): void => {
    setSetup(next);
    setChanged(true);
    setFault('');
    setTold('');
    setRuled('');
  };
  const changeFacade = (next: Partial<Facade>): void =>
    change({
      ...setup,
      facades: setup.facades.map((one) => (one.building === buildingId ? { ...one, ...next } : one)),
    });
  const moveCorner = (index: number, to: Point): void => {
    if (facade === undefined) return;
    const corners = facade.corners.map((corner, n) => (n === index ? ([rounded(to[0]), rounded(to[1])] as Point) : corner));
    changeFacade({ corners: corners as unknown as Corners, ...startOf(camera, facade, building) });
  };
  const moveMask = (n: number, k: number, to: Point): void =>
    change({ ...setup, masks: withPoint(setup.masks, n, k, [within(to[0], camera.size[0]), within(to[1], camera.size[1])]) });

  const handles: (Handle & { move: (to: Point) => void })[] = [
    ...(facade?.corners ?? []).map((at, index) => ({
      name: own.corners[index] ?? '',
      at,
      kind: 'corner' as const,
      move: (to: Point) => moveCorner(index, to),
    })),
    ...setup.masks.flatMap((mask, n) =>
      mask.map((at, k) => ({
        name: own.maskPoint(n + 1, k + 1),
        at,
        kind: 'mask' as const,
        move: (to: Point) => moveMask(n, k, to),
      })),
    ),
  ];

  const attempt = async (what: 'ruler' | 'save', work: () => Promise<void>): Promise<void> => {
    if (busy !== '') return;
    setBusy(what);
    setFault('');
    setTold('');
    try {
      await work();
    } catch (error) {
      setFault(sayFailure(words, error));
    } finally {
      setBusy('');
    }
  };
  const rule = (): Promise<void> =>
    attempt('ruler', async () => {
      if (facade === undefined) return;
      if (!goRound(facade.corners)) return setFault(own.wrongOrder);
      const ruler = await askRuler(camera.id, { building: buildingId, corners: facade.corners, storeys: span }, session.csrf);
      if (span < planned) {
        changeFacade({ corners: ruler.corners, ...startOf(camera, facade, building) });
        setSpans({ ...spans, [buildingId]: planned });
      }
      const parts = [
        span < planned ? own.extended(span, planned) : '',
        own.error(ruler.roofError.toFixed(2)),
        ruler.roofError > 0.5 ? own.errorLarge : '',
      ];
      setRuled(parts.filter((part) => part !== '').join(words.lang === 'en' ? ' ' : ''));
    });
  const save = (): Promise<void> =>
    attempt('save', async () => {
      if (setup.facades.some((one) => !goRound(one.corners))) return setFault(own.wrongOrder);
      const partial = setup.facades.some((one) => {
        const all = site.buildings.find((other) => other.id === one.building)?.planned ?? 0;
        return (spans[one.building] ?? all) < all;
      });
      if (partial) return setFault(own.spanFirst);
      const index = await setUp(camera.id, setup, session.csrf);
      setTold(own.saved(index));
      setChanged(false);
      props.refresh();
    });
  const giveBack = (): Promise<void> =>
    attempt('save', async () => {
      await takeBack(camera.id, session.csrf);
      props.refresh();
      props.reload();
    });
  const open = (file: File | undefined): void => {
    if (file === undefined) return;
    const address = URL.createObjectURL(file);
    const picture = new Image();
    picture.onload = () => {
      if (picture.naturalWidth === camera.size[0] && picture.naturalHeight === camera.size[1]) return setOwnPicture(address);
      URL.revokeObjectURL(address);
      setFault(own.ownWrong(camera.size[0], camera.size[1]));
    };
    picture.onerror = () => {
      URL.revokeObjectURL(address);
      setFault(own.ownWrong(camera.size[0], camera.size[1]));
    };
    picture.src = address;
  };

  const name = camera.name || camera.id;
  return (
    <form
      noValidate
      data-camera={camera.id}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="muted">{own.source(camera.ledgerIndex)}</p>
      {site.buildings.length > 1 ? (
        <>
          <label for={`${id}-building`}>{own.building}</label>
          <select id={`${id}-building`} value={buildingId} onChange={(event) => setBuildingId(event.currentTarget.value)}>
            {site.buildings.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name || one.id}
              </option>
            ))}
          </select>
        </>
      ) : null}
      {source === '' ? (
        <p class="empty">{own.noPicture}</p>
      ) : (
        <CameraPicture
          label={own.picture(name)}
          source={source}
          size={camera.size}
          corners={facade?.corners ?? null}
          storeys={span}
          masks={setup.masks}
          handles={handles}
          tell={(handle) => own.handle(handle.name, Math.round(handle.at[0]), Math.round(handle.at[1]))}
          move={(index, to) => handles[index]?.move(to)}
        />
      )}
      <p class="muted">{ownPicture === '' ? own.masked : own.ownShown}</p>
      <label for={`${id}-own`}>{own.own}</label>
      <input
        id={`${id}-own`}
        type="file"
        accept="image/jpeg,image/png"
        onChange={(event) => open(event.currentTarget.files?.[0])}
      />
      {facade === undefined ? (
        <p class="speak-buttons">
          {own.noFacade}{' '}
          <button
            type="button"
            class="plain"
            onClick={() =>
              change({
                ...setup,
                facades: [
                  ...setup.facades,
                  { building: buildingId, scaffold: 'unknown', storeysAtStart: castNow(building), corners: middleOf(camera.size) },
                ],
              })
            }
          >
            {own.addFacade}
          </button>
        </p>
      ) : (
        <FacadeFields
          id={id}
          facade={facade}
          planned={planned}
          span={span}
          setSpan={(next) => {
            setSpans({ ...spans, [buildingId]: next });
            setRuled('');
          }}
          change={changeFacade}
          moveCorner={moveCorner}
          remove={() => change({ ...setup, facades: setup.facades.filter((one) => one !== facade) })}
        />
      )}
      {facade === undefined || camera.picture === '' ? null : (
        <p class="speak-buttons">
          <button type="button" class="plain" aria-disabled={busy !== ''} onClick={() => void rule()}>
            {busy === 'ruler' ? own.ruling : own.ruler}
          </button>
        </p>
      )}
      <p class={ruled === '' ? 'visually-hidden' : 'result result-good'} role="status">
        {ruled}
      </p>
      <Masks size={camera.size} masks={setup.masks} change={(masks) => change({ ...setup, masks })} />
      <p class={fault === '' ? 'visually-hidden' : 'result result-bad'} role="alert">
        {fault}
      </p>
      <p class={told === '' ? 'visually-hidden' : 'result result-good'} role="status">
        {told}
      </p>
      <p class="muted">{words.forGood}</p>
      <div class="speak-buttons">
        <button type="submit" class="strong" aria-disabled={busy !== ''}>
          {busy === 'save' ? words.sending : own.save}
        </button>
        {changed ? (
          <button
            type="button"
            class="plain"
            onClick={() => {
              change({ facades: camera.facades, masks: camera.masks });
              setSpans({});
              setChanged(false);
            }}
          >
            {own.reset}
          </button>
        ) : null}
        {camera.ledgerIndex === null ? null : (
          <button type="button" class="plain" aria-disabled={busy !== ''} onClick={() => void giveBack()}>
            {own.takeBack}
          </button>
        )}
      </div>
    </form>
  );
}

const castNow = (building: Building | undefined): number => building?.estimate?.storeys ?? 0;

/// Corners that move make the box learn the building anew: it must know what stands by now.
const startOf = (camera: Camera, facade: Facade, building: Building | undefined): Partial<Facade> => {
  const known = camera.facades.find((one) => one.building === facade.building);
  const untouched = known !== undefined && known.storeysAtStart === facade.storeysAtStart;
  return untouched ? { storeysAtStart: Math.max(facade.storeysAtStart, castNow(building)) } : {};
};

const withPoint = (masks: Point[][], n: number, k: number, to: Point): Point[][] =>
  masks.map((mask, m) => (m === n ? mask.map((point, j) => (j === k ? to : point)) : mask));

function StoreyField(props: {
  id: string;
  label: string;
  hint: string;
  least: number;
  most: number;
  value: number;
  change: (storeys: number) => void;
}) {
  const { id, least, most } = props;
  const bounded = (text: string): number => Math.min(most, Math.max(least, Math.round(Number(text)) || least));
  return (
    <div>
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={least}
        max={most}
        value={props.value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => props.change(bounded(event.currentTarget.value))}
      />
      <p class="muted" id={`${id}-hint`}>
        {props.hint}
      </p>
    </div>
  );
}

function FacadeFields(props: {
  id: string;
  facade: Facade;
  planned: number;
  span: number;
  setSpan: (span: number) => void;
  change: (next: Partial<Facade>) => void;
  moveCorner: (index: number, to: Point) => void;
  remove: () => void;
}) {
  const own = useCameraWords();
  const { id, facade, planned } = props;
  return (
    <>
      <div class="camera-fields">
        <StoreyField
          id={`${id}-span`}
          label={own.span}
          hint={own.spanHint(planned)}
          least={1}
          most={planned}
          value={props.span}
          change={props.setSpan}
        />
        <StoreyField
          id={`${id}-start`}
          label={own.start}
          hint={own.startHint}
          least={0}
          most={planned}
          value={facade.storeysAtStart}
          change={(storeysAtStart) => props.change({ storeysAtStart })}
        />
        <div>
          <label for={`${id}-scaffold`}>{own.scaffold}</label>
          <select
            id={`${id}-scaffold`}
            value={facade.scaffold}
            onChange={(event) =>
              props.change({ scaffold: scaffolds.find((one) => one === event.currentTarget.value) ?? 'unknown' })
            }
          >
            {scaffolds.map((one) => (
              <option key={one} value={one}>
                {own.scaffolds[one]}
              </option>
            ))}
          </select>
        </div>
      </div>
      <details>
        <summary>{own.exact}</summary>
        <div class="camera-numbers">
          {facade.corners.map((corner, index) => (
            <Coordinates key={index} name={own.corners[index] ?? ''} at={corner} move={(to) => props.moveCorner(index, to)} />
          ))}
        </div>
        <button type="button" class="plain" onClick={props.remove}>
          {own.removeFacade}
        </button>
      </details>
    </>
  );
}

function Coordinates(props: { name: string; at: Point; move: (to: Point) => void }) {
  const own = useCameraWords();
  const [x, y] = props.at;
  const field = (label: string, value: number, set: (px: number) => void) => (
    <input
      type="number"
      step="0.1"
      inputMode="decimal"
      aria-label={`${props.name}${label}`}
      value={value}
      onChange={(event) => {
        const px = Number(event.currentTarget.value);
        if (Number.isFinite(px)) set(px);
      }}
    />
  );
  return (
    <>
      <span>{props.name}</span>
      {field(own.x, x, (px) => props.move([px, y]))}
      {field(own.y, y, (px) => props.move([x, px]))}
    </>
  );
}

const mostMasks = 32;
const mostPoints = 32;

function Masks(props: { size: Point; masks: Point[][]; change: (masks: Point[][]) => void }) {
  const own = useCameraWords();
  const id = useId();
  const added = useRef(0);
  const { masks } = props;
  const [w, h] = props.size;
  const replace = (n: number, mask: Point[] | null): void =>
    props.change(masks.flatMap((one, m) => (m === n ? (mask === null ? [] : [mask]) : [one])));
  const add = (): void => {
    const away = 0.04 * (added.current % 5);
    added.current += 1;
    const [x, y] = [w * (0.05 + away), h * (0.05 + away)];
    const corner = (right: number, down: number): Point => [rounded(x + right * w * 0.15), rounded(y + down * h * 0.15)];
    props.change([...masks, [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)]]);
  };
  return (
    <fieldset class="camera-masks" aria-describedby={`${id}-hint`}>
      <legend>{own.masks}</legend>
      <p class="muted" id={`${id}-hint`}>
        {own.masksHint}
      </p>
      {masks.map((mask, n) => (
        <div key={n} class="speak-buttons" role="group" aria-label={own.mask(n + 1)}>
          <span>{own.mask(n + 1)}</span>
          {mask.length < mostPoints ? (
            <button type="button" class="plain" onClick={() => replace(n, [...mask, between(mask)])}>
              {own.addPoint}
            </button>
          ) : null}
          {mask.length > 3 ? (
            <button type="button" class="plain" onClick={() => replace(n, mask.slice(0, -1))}>
              {own.removePoint}
            </button>
          ) : null}
          <button type="button" class="plain" onClick={() => replace(n, null)}>
            {own.removeMask}
          </button>
        </div>
      ))}
      {masks.length < mostMasks ? (
        <button type="button" class="plain" onClick={add}>
          {own.addMask}
        </button>
      ) : null}
    </fieldset>
  );
}

/// Half way from the last point to the first.
function between(mask: readonly Point[]): Point {
  const [ax, ay] = mask[mask.length - 1] ?? [0, 0];
  const [bx, by] = mask[0] ?? [0, 0];
  return [rounded((ax + bx) / 2), rounded((ay + by) / 2)];
}
