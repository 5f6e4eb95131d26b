// One building: the sentence, the drawing, the picture, the curve, the milestones.

import { Chart } from './chart';
import { FacadeDrawing, FacadeLegend } from './facade';
import { storeysSinceLastWeek, useHistory, type Told } from './history';
import { useWords } from './i18n';
import { Milestones } from './milestones';
import { LatestPicture } from './picture';
import { castStoreys, groundsInWords, isSure, sentenceParts } from './sentence';
import { stages, type Building, type Estimate, type Session, type Site, type Stage } from './site';
import { useCalendar } from './time';
import { Witnesses } from './witnesses';

export function BuildingSection(props: {
  building: Building;
  site: Site;
  session: Session | null;
  refresh: () => void;
}) {
  const words = useWords();
  const { building } = props;
  const estimate = building.estimate;
  const told = useHistory(building);
  const heading = `sentence-${building.id}`;
  return (
    <section class="building" id={`building-${encodeURIComponent(building.id)}`} aria-labelledby={heading}>
      <h2 id={heading} class="sentence">
        {sentenceParts(words, building).map((part) => (
          <span key={part}>{part}</span>
        ))}
      </h2>
      <div class="card glance">
        <div class="glance-count">
          {estimate === null ? null : <Cast building={building} estimate={estimate} site={props.site} told={told} />}
          <StageSteps stage={estimate?.stage ?? null} />
        </div>
        <div class="glance-drawing">
          <FacadeDrawing building={building} />
        </div>
        <FacadeLegend building={building} />
        <LatestPicture building={building} />
        {estimate !== null && !estimate.usable ? <RefusedFrame estimate={estimate} /> : null}
        {estimate !== null && estimate.camerasDisagree ? (
          <CamerasDisagree estimate={estimate} site={props.site} />
        ) : null}
        <Witnesses building={building} site={props.site} />
      </div>
      <Chart building={building} told={told} />
      <Milestones
        building={building}
        site={props.site}
        session={props.session}
        refresh={props.refresh}
      />
    </section>
  );
}

function Cast(props: { building: Building; estimate: Estimate; site: Site; told: Told }) {
  const words = useWords();
  const { building, estimate } = props;
  const percent =
    estimate.confidence === null ? null : Math.round(Math.min(1, Math.max(0, estimate.confidence)) * 100);
  const cast = castStoreys(words, estimate);
  return (
    <div class="cast">
      <p class="cast-line" aria-label={words.castOf(cast, building.planned)}>
        <span class="cast-word">{words.cast}</span>
        <span class="cast-number">{cast}</span>
        <span class="cast-of">
          / {building.planned} {words.storeys}
        </span>
      </p>
      <p class="cast-sure">
        {isSure(estimate) ? words.sure : words.between(Math.round(estimate.low), Math.round(estimate.high))}
        {percent === null ? '' : ` · ${words.confidence(percent)}`}
      </p>
      <SinceLastWeek estimate={estimate} told={props.told} />
      <Why estimate={estimate} site={props.site} />
    </div>
  );
}

/// While the structure rises: later there is nothing to count.
function SinceLastWeek(props: { estimate: Estimate; told: Told }) {
  const words = useWords();
  const more = storeysSinceLastWeek(props.told.history?.points ?? []);
  if (more === null || more < 0 || (more === 0 && props.estimate.stage !== 'superstructure')) return null;
  return <p class="cast-week">{more === 0 ? words.history.asLastWeek : words.history.moreThanLastWeek(more)}</p>;
}

/// Why the box says so, in words, camera by camera.
function Why(props: { estimate: Estimate; site: Site }) {
  const words = useWords();
  const said = props.estimate.cameras
    .map((word) => ({ camera: word.camera, sentences: groundsInWords(words, word) }))
    .filter(({ sentences }) => sentences.length > 0);
  if (said.length === 0) return null;
  return (
    <div class="cast-why">
      <p>{words.why}</p>
      <ul>
        {said.map(({ camera, sentences }) => (
          <li key={camera}>
            {said.length > 1 ? `${cameraName(props.site, camera)}${words.colon}` : ''}
            {sentences.join('')}
          </li>
        ))}
      </ul>
    </div>
  );
}

const cameraName = (site: Site, camera: string): string =>
  site.devices.find((known) => known.id === camera)?.name || camera;

function StageSteps(props: { stage: Stage | null }) {
  const words = useWords();
  const at = props.stage === null ? -1 : stages.indexOf(props.stage);
  return (
    <div class="stage">
      <p class="stage-name">
        <span class="stage-word">{words.stageWord}</span>{' '}
        <strong>{props.stage === null ? words.stageUnknown : words.stages[props.stage]}</strong>{' '}
        {at < 0 ? null : <span class="muted">{words.stageStep(at + 1, stages.length)}</span>}
      </p>
      <ol class="stage-steps" aria-hidden="true">
        {stages.map((stage, index) => (
          <li key={stage} class={index < at ? 'past' : index === at ? 'present' : 'future'} />
        ))}
      </ol>
    </div>
  );
}

function CamerasDisagree(props: { estimate: Estimate; site: Site }) {
  const words = useWords();
  const said = props.estimate.cameras.map((word) =>
    words.cameraSays(cameraName(props.site, word.camera), Math.round(word.storeys)),
  );
  return (
    <p class="notice notice-warning refused-frame">
      <strong>
        {words.camerasDisagree}
        {words.colon}
        {words.list(said)}
      </strong>
      <span>{words.camerasDisagreeMore}</span>
    </p>
  );
}

function RefusedFrame(props: { estimate: Estimate }) {
  const words = useWords();
  const calendar = useCalendar();
  const reasons = props.estimate.reasons.map((reason) => words.reasons[reason] ?? reason);
  return (
    <p class="notice notice-warning refused-frame">
      <strong>
        {words.refusedFrame}
        {reasons.length === 0 ? '' : `${words.colon}${words.list(reasons)}`}
      </strong>
      <span>
        {calendar.minute(props.estimate.at)} · {words.refusedFrameMore}
      </span>
    </p>
  );
}
