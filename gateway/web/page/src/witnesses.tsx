// What the contractor's hoists and cranes show of a building's height: a check beside the estimate
// and the milestones, never their source.

import { useWords } from './i18n';
import type { Building, Milestone, Site, Witness } from './site';
import { useCalendar } from './time';
import type { Words } from './zh';

const nameOf = (site: Site, device: string): string =>
  site.devices.find((one) => one.id === device)?.name || device;

export function Witnesses(props: { building: Building; site: Site }) {
  const words = useWords();
  const { witnesses } = props.building;
  if (witnesses.length === 0) return null;
  return (
    <div class="witnesses">
      <p>{words.witnesses}</p>
      <ul>
        {witnesses.map((one) => (
          <Shown key={`${one.device}/${one.shows}`} witness={one} site={props.site} />
        ))}
      </ul>
    </div>
  );
}

function Shown(props: { witness: Witness; site: Site }) {
  const words = useWords();
  const calendar = useCalendar();
  const { witness, site } = props;
  return (
    <li data-says={witness.says}>
      {nameOf(site, witness.device)}
      {words.colon}
      {words.witnessLevel[witness.shows](witness.level)}
      {bounds(words, witness)}
      {witness.says === 'nothing' ? '' : ` · ${words.witnessSays[witness.says]}`}
      <span class="muted"> {words.lastSeen(calendar.minute(witness.last))}</span>
    </li>
  );
}

function bounds(words: Words, witness: Witness): string {
  const least = witness.low === null ? '' : words.witnessLeast(witness.low);
  const most = witness.high === null ? '' : words.witnessMost(witness.high);
  return least + most;
}

/// Those that have a word on a milestone, after what people and cameras said.
export function WitnessesOf(props: { milestone: Milestone; site: Site }) {
  const words = useWords();
  return (
    <>
      {props.milestone.witnesses.map(({ device, says }) => (
        <li key={device} data-says={says}>
          <span class="owner">{words.witness}</span> {nameOf(props.site, device)}
          {words.colon}
          {words.witnessSays[says]}
        </li>
      ))}
    </>
  );
}
