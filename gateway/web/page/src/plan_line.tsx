// Planned against actual: the programme as a line in the curve, and a sentence that says the difference.

import type { Scale } from './chart';
import { useWords } from './i18n';
import { plannedDay, plannedStoreys, standing, standingAtTheEnd, type Plan, type Standing } from './plan';
import type { Building, HistoryPoint } from './site';
import { useCalendar } from './time';

/// What was before the first picture is left out.
export function PlanLine(props: { plan: Plan; storeys: number; scale: Scale }) {
  const { plan, storeys, scale } = props;
  const begin = Math.max(plan.zeroLevel, scale.from);
  const end = plannedDay(plan, storeys, storeys);
  if (begin >= end) return null;
  const y = scale.y(plannedStoreys(plan, begin, storeys));
  return <path class="plan-line" d={`M${scale.x(begin).toFixed(1)} ${y.toFixed(1)}L${scale.x(end).toFixed(1)} ${scale.y(storeys).toFixed(1)}`} />;
}

export function PlanSaid(props: { building: Building; plan: Plan; points: HistoryPoint[] }) {
  const words = useWords().plan;
  const calendar = useCalendar();
  const { building, plan } = props;
  return (
    <p class="plan-said">
      <Difference building={building} plan={plan} points={props.points} />
      <span class="muted">{words.of(calendar.day(plan.zeroLevel), calendar.day(plan.toppingOut))}</span>
    </p>
  );
}

function Difference(props: { building: Building; plan: Plan; points: HistoryPoint[] }) {
  const words = useWords().plan;
  const topped = toppedOut(props.building, props.points);
  const last = props.points[props.points.length - 1];
  const now: Standing | null =
    topped !== null
      ? standingAtTheEnd(props.plan, topped)
      : last === undefined
        ? null
        : standing(props.plan, Math.round(last.storeys), props.building.planned, Date.parse(last.at));
  if (now === null) return null;
  const said =
    topped !== null
      ? now.is === 'on_plan' ? words.ended.on_plan : words.ended[now.is](now.days)
      : now.is === 'on_plan' ? words.on_plan : words[now.is](now.days, now.storeys);
  return <strong data-standing={now.is}>{said} </strong>;
}

/// The day that was named for topping-out, else the first picture with all storeys; null: they are not cast yet.
function toppedOut(building: Building, points: HistoryPoint[]): number | null {
  const named = building.milestones.find((one) => one.kind === 'topping_out' && one.status !== 'withdrawn');
  if (named !== undefined) return Date.parse(named.at);
  const last = points[points.length - 1];
  if (last === undefined || Math.round(last.storeys) < building.planned) return null;
  const first = points.find((point) => Math.round(point.storeys) >= building.planned);
  return first === undefined ? null : Date.parse(first.at);
}
