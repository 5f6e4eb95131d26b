// The policy's clocks: what is late, what comes next, what is missing to tell, and how much of the
// whole way is left.

import type { ComponentChildren } from 'preact';

import { useWords } from './i18n';
import type { Chain, Deadline, Households, Missing, Policy, Rule, Wording } from './policy';
import { standings } from './policy';
import { buildingName } from './sentence';
import type { Site } from './site';
import { useCalendar } from './time';
import type { Words } from './zh';

const own = (words: Words, wording: Wording): string =>
  (words.lang === 'en' ? wording.en : wording.zh) || wording.zh || wording.en;

const settled = (one: Deadline): boolean =>
  one.standing === 'done_in_time' || one.standing === 'not_applicable';

const byUrgency = (a: Deadline, b: Deadline): number =>
  standings.indexOf(a.standing) - standings.indexOf(b.standing) || (a.daysLeft ?? 1e6) - (b.daysLeft ?? 1e6);

export function Clocks(props: { policy: Policy; site: Site }) {
  const words = useWords();
  const calendar = useCalendar();
  const { policy, site } = props;
  const say = words.clocks;
  const rules = new Map(policy.rules.map((rule) => [rule.id, rule]));
  const sorted = [...policy.deadlines].sort(byUrgency);
  const running = sorted.filter((one) => !settled(one) && one.standing !== 'unknown');
  const unknown = sorted.filter((one) => one.standing === 'unknown');
  const done = sorted.filter(settled);
  const told = policy.rules.filter((rule) => rule.form === 'told');
  return (
    <section class="card clocks" id="clocks" aria-labelledby="clocks-title">
      <h2 id="clocks-title">{say.title}</h2>
      <p class="muted">
        {own(words, policy.name)}
        {policy.today === '' ? '' : ` · ${say.today(calendar.day(policy.today))}`}
      </p>
      {policy.inForce ? null : <p>{say.draftMore}</p>}
      <p class="muted">{policy.today === '' ? say.untrusted : say.more}</p>
      <p>
        <a class="link to-bulletin" href={`/bulletin?lang=${words.lang === 'en' ? 'en' : 'zh'}`}>{say.bulletin}</a>
      </p>
      {policy.chains.map((chain) => (
        <WholeWay key={`${chain.id}/${chain.subject}`} chain={chain} rules={rules} />
      ))}
      <Forecasts site={site} />
      <ClockList deadlines={running} rules={rules} />
      {unknown.length === 0 ? null : (
        <Folded title={say.notKnown(unknown.length)}>
          <ClockList deadlines={unknown} rules={rules} />
        </Folded>
      )}
      {done.length === 0 ? null : (
        <Folded title={say.settled(done.length)}>
          <ClockList deadlines={done} rules={rules} />
        </Folded>
      )}
      {told.length === 0 ? null : (
        <Folded title={say.told(told.length)}>
          <ul class="told-list">
            {told.map((rule) => (
              <li key={rule.id}>
                <strong>{own(words, rule.name)}</strong>
                <span>{own(words, rule.article)}</span>
                <span class="muted">{own(words, rule.whyNot)}</span>
              </li>
            ))}
          </ul>
        </Folded>
      )}
      <Counts households={site.households} />
      <p class="muted">{own(words, policy.source)}</p>
    </section>
  );
}

function Folded(props: { title: string; children: ComponentChildren }) {
  return (
    <details class="folded">
      <summary>{props.title}</summary>
      {props.children}
    </details>
  );
}

function ClockList(props: { deadlines: Deadline[]; rules: Map<string, Rule> }) {
  if (props.deadlines.length === 0) return null;
  return (
    <ol class="clock-list" role="list">
      {props.deadlines.map((one) => (
        <Clock
          key={`${one.rule}/${one.subject}/${one.facility}`}
          deadline={one}
          rule={props.rules.get(one.rule)}
        />
      ))}
    </ol>
  );
}

function Clock(props: { deadline: Deadline; rule: Rule | undefined }) {
  const words = useWords();
  const calendar = useCalendar();
  const say = words.clocks;
  const { deadline, rule } = props;
  if (rule === undefined) return null;
  const facility = own(words, deadline.facilityName);
  const gate = rule.form === 'gate' ? say.gate[deadline.standing] : undefined;
  const consequences = rule.inForce ? say.consequence : say.draftConsequence;
  return (
    <li class="clock" data-rule={deadline.rule} data-standing={deadline.standing}>
      <div class="clock-head">
        <h3>
          {facility === '' ? own(words, rule.name) : `${own(words, rule.name)} · ${facility}`}
          <span class="muted"> {deadline.subjectName}</span>
        </h3>
        <span class={`chip chip-standing-${deadline.standing}`}>
          {gate ?? say.standing[deadline.standing]}
          {deadline.consequence === null ? '' : ` · ${consequences[deadline.consequence]}`}
        </span>
      </div>
      <p class="clock-line">
        {counts(deadline) ? <strong class="clock-days">{daysInWords(words, deadline.daysLeft)}</strong> : null}
        {rule.form === 'gate' || deadline.due === '' ? null : (
          <span>{(deadline.provisional ? say.wouldBeDue : say.due)(calendar.day(deadline.due))}</span>
        )}
        {deadline.done === null ? null : (
          <span>
            {(deadline.done.confirmed ? say.doneOn : say.doneUnconfirmed)(calendar.day(deadline.done.day))}
          </span>
        )}
        {deadline.households === null ? null : (
          <span>{waitingInWords(words, deadline.households, calendar)}</span>
        )}
        {deadline.action ? <strong class="clock-action">{say.begin}</strong> : null}
        {deadline.event === null ? null : (
          <span>{(deadline.event.stands ? say.setGoing : say.takenBack)(deadline.event.entry)}</span>
        )}
      </p>
      {deadline.missing.length === 0 ? null : <p class="clock-missing">{missingInWords(words, deadline)}</p>}
      <details class="clock-article">
        <summary>
          {say.articleOf(rule.id)}
          {rule.inForce ? '' : ` · ${say.draft}`}
        </summary>
        <p>{own(words, rule.article)}</p>
        <p class="muted">{own(words, rule.source)}</p>
      </details>
    </li>
  );
}

/// The clock runs, or ran out unanswered.
const counts = (one: Deadline): boolean =>
  one.standing === 'ok' || one.standing === 'due_soon' || one.standing === 'overdue';

function waitingInWords(
  words: Words,
  counted: NonNullable<Deadline['households']>,
  calendar: ReturnType<typeof useCalendar>,
): string {
  const say = words.clocks;
  const on = calendar.day(counted.counted);
  return (counted.contradicts ? say.stillWaiting : say.waiting)(counted.waiting, on);
}

function daysInWords(words: Words, days: number | null): string {
  if (days === null) return '';
  if (days === 0) return words.clocks.lastDay;
  return days > 0 ? words.clocks.daysLeft(days) : words.clocks.daysLate(-days);
}

const unconfirmed = (one: Missing): boolean => one.status !== 'none' && one.status !== '';

function missingInWords(words: Words, deadline: Deadline): string {
  const say = words.clocks;
  const items = deadline.missing.map((one) =>
    deadline.facility !== '' && one.subjectName === deadline.facility
      ? say.noFacility(own(words, deadline.facilityName))
      : say.missingOne(one.subjectName, own(words, one), unconfirmed(one)),
  );
  return say.missing(words.list(items));
}

function WholeWay(props: { chain: Chain; rules: Map<string, Rule> }) {
  const words = useWords();
  const calendar = useCalendar();
  const say = words.clocks;
  const { chain, rules } = props;
  const names = chain.missing.map((one) => say.missingOne(one.subjectName, own(words, one), unconfirmed(one)));
  return (
    <div class="chain" data-chain={chain.id} data-short={chain.slackDays !== null && chain.slackDays < 0}>
      <h3>
        {say.chain} · {own(words, chain.name)} <span class="muted">{chain.subjectName}</span>
      </h3>
      <ol class="chain-steps">
        {chain.steps.map((step) => {
          const rule = rules.get(step.rule);
          return (
            <li key={step.rule} data-done={step.done}>
              <span>{rule === undefined ? step.rule : own(words, rule.name)}</span>
              <strong>{step.by === '' ? '—' : calendar.day(step.by)}</strong>
              {step.by === '' ? null : <span class="muted">{step.done ? say.chainStep.done : say.chainStep.open}</span>}
            </li>
          );
        })}
      </ol>
      <p class="chain-slack">
        {slackInWords(words, chain.slackDays)} {chain.limit === '' ? '' : say.limit(calendar.day(chain.limit))}
      </p>
      {names.length === 0 ? null : <p class="clock-missing">{say.missing(words.list(names))}</p>}
      {chain.slackOfPolicyDays === null ? null : <p class="muted">{say.ofPolicy(chain.slackOfPolicyDays)}</p>}
    </div>
  );
}

function slackInWords(words: Words, days: number | null): string {
  if (days === null) return words.clocks.noChain;
  if (days === 0) return words.clocks.noSlack;
  return days > 0 ? words.clocks.slack(days) : words.clocks.overrun(-days);
}

function Forecasts(props: { site: Site }) {
  const words = useWords();
  const calendar = useCalendar();
  const say = words.clocks;
  const told = props.site.buildings.filter((one) => one.forecast !== null && one.forecast.whyNone !== 'done');
  if (told.length === 0) return null;
  return (
    <div class="forecasts">
      <h3>{say.forecast}</h3>
      {told.map((building) => {
        const one = building.forecast!;
        return (
          <p key={building.id}>
            <strong>{buildingName(building)}</strong>
            {words.colon}
            {one.day === ''
              ? (say.forecastNone[one.whyNone] ?? one.whyNone)
              : say.forecastDay(
                  calendar.day(one.day),
                  calendar.shortDay(one.early),
                  calendar.shortDay(one.late),
                  String(one.daysAStorey ?? '—'),
                  one.fromStoreys,
                )}
          </p>
        );
      })}
    </div>
  );
}

function Counts(props: { households: Households[] }) {
  const say = useWords().clocks;
  const calendar = useCalendar();
  if (props.households.length === 0) return null;
  return (
    <div class="households">
      <h3>
        {say.households} <span class="muted">{say.numbersOnly}</span>
      </h3>
      {props.households.map((one) => (
        <div key={one.subject}>
          <p>
            {one.subjectName} <span class="muted">{say.counted(calendar.day(one.counted))}</span>
          </p>
          <dl>
            {(
              [
                [say.awaitingReturn, one.awaitingReturn],
                [say.housed, one.housed],
                [say.awaitingRegistration, one.awaitingRegistration],
              ] as const
            ).map(([name, number]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{number}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </div>
  );
}
