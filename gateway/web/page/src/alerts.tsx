// What is raised now: limits that are passed, devices that say nothing, parts of the box that fail.

import { HealthIcon } from './icons';
import { useWords } from './i18n';
import { amount, quantityName } from './quantity';
import type { Alert, Part, Site } from './site';
import { useCalendar } from './time';

export function Alerts(props: { site: Site }) {
  const { alerts, parts } = props.site;
  const troubled = parts.filter((part) => part.health === 'failed' || part.health === 'warning');
  if (alerts.length === 0 && troubled.length === 0) return null;
  return (
    <ul class="alert-list" role="list">
      {troubled.map((part) => (
        <PartTrouble key={`part/${part.id}`} part={part} />
      ))}
      {alerts.map((alert) => (
        <AlertItem key={`${alert.kind}/${alert.device}/${alert.ledgerIndex ?? ''}`} alert={alert} site={props.site} />
      ))}
    </ul>
  );
}

function AlertItem(props: { alert: Alert; site: Site }) {
  const words = useWords();
  const calendar = useCalendar();
  const { alert, site } = props;
  const level = alert.kind === 'silence' ? 'silence' : alert.level;
  const device = site.devices.find((one) => one.id === alert.device);
  const own = words.lang === 'en' ? alert.en : alert.zh;
  return (
    <li class="alert" data-alert={alert.kind} data-level={level}>
      <span class={`chip chip-alert-${level}`}>
        <HealthIcon health={level === 'alarm' ? 'failed' : level === 'warning' ? 'warning' : 'silent'} />
        {words.alertLevel[level]}
      </span>
      <strong>{device?.name || alert.device}</strong>
      <span>
        {alert.kind === 'silence' ? words.silence : own}
        {alert.reading === null || alert.limit === null ? '' : words.colon + passed(alert)}
      </span>
      <span class="muted">
        {alert.since === ''
          ? words.neverHeard
          : (alert.kind === 'silence' ? words.lastWord : words.since)(calendar.minute(alert.since))}
        {alert.flapping ? ` · ${words.flapping}` : ''}
      </span>
    </li>
  );

  function passed(one: Alert): string {
    const reading = one.reading ?? { quantity: '', value: null, unit: '', statistic: '', at: '' };
    const name = quantityName(words, reading);
    const less = one.minus === '' ? name : words.less(name, words.quantities[one.minus] ?? one.minus);
    const what = one.overHours === null ? less : words.changeOf(less, new Intl.NumberFormat(words.lang).format(one.overHours));
    const limit = amount(words, { ...reading, value: one.limit });
    const hours = one.from === '' ? '' : words.hours(one.from, one.until);
    return words.beyond[one.side](what, amount(words, reading), limit) + hours;
  }
}

function PartTrouble(props: { part: Part }) {
  const words = useWords();
  const calendar = useCalendar();
  const { part } = props;
  const level = part.health === 'failed' ? 'alarm' : 'warning';
  return (
    <li class="alert" data-alert="part" data-level={level}>
      <span class={`chip chip-alert-${level}`}>
        <HealthIcon health={part.health} />
        {words.health[part.health]}
      </span>
      <strong>{words.part(words.partKinds[part.kind] ?? part.kind, part.id)}</strong>
      <span>{part.reason}</span>
      <span class="muted">{part.since === '' ? '' : words.since(calendar.minute(part.since))}</span>
    </li>
  );
}
