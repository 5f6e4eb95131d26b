// Devices and cameras, and their last word.

import { HealthIcon } from './icons';
import { useWords } from './i18n';
import type { Device, LatestReading, Site } from './site';
import { useCalendar } from './time';
import type { Words } from './zh';

const order: Record<Device['health'], number> = { failed: 0, silent: 1, warning: 2, unknown: 3, ok: 4 };

export function Devices(props: { site: Site }) {
  const words = useWords();
  const { site } = props;
  const devices = [...site.devices].sort(
    (a, b) => order[a.health] - order[b.health] || b.latest.length - a.latest.length,
  );
  const grouped = new Intl.NumberFormat(words.lang);
  return (
    <section class="card devices" aria-labelledby="devices">
      <h2 id="devices">{words.devices}</h2>
      {devices.length === 0 ? (
        <p class="empty">{words.devicesNone}</p>
      ) : (
        <p class="muted">
          {words.readings(grouped.format(site.counts.stored), grouped.format(site.counts.refused))}
        </p>
      )}
      <ul class="device-list">
        {devices.map((device) => (
          <DeviceCard key={`${device.camera ? 'camera' : 'device'}/${device.id}`} device={device} />
        ))}
      </ul>
    </section>
  );
}

function DeviceCard(props: { device: Device }) {
  const words = useWords();
  const calendar = useCalendar();
  const { device } = props;
  const readings = latest(device.latest);
  return (
    <li class="device" data-health={device.health}>
      <div class="device-head">
        <h3>{device.name || device.id}</h3>
        {device.simulated ? <span class="chip chip-simulated">{words.simulated}</span> : null}
        <span class={`chip chip-health-${device.health}`}>
          <HealthIcon health={device.health} />
          {words.health[device.health]}
        </span>
      </div>
      {device.reason === '' || device.health === 'ok' ? null : <p class="device-reason">{device.reason}</p>}
      <p class="muted">
        {device.lastHeard === '' ? (
          words.neverHeard
        ) : (
          <time dateTime={device.lastHeard} title={calendar.minute(device.lastHeard)}>
            {words.lastHeard(calendar.since(device.lastHeard))}
          </time>
        )}
        {device.refused === 0 ? null : (
          <span class="device-refused"> · {words.refusedCount(device.refused)}</span>
        )}
      </p>
      {readings.length === 0 ? null : (
        <dl class="readings">
          {readings.map((reading) => (
            <div key={`${reading.quantity}/${reading.statistic}`}>
              <dt>{quantityName(words, reading)}</dt>
              <dd>{amount(words, reading)}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

/// What the device says now; means and extremes only of quantities it does not say so.
function latest(readings: LatestReading[]): LatestReading[] {
  const now = new Set(
    readings.filter((one) => one.statistic === 'realtime').map((one) => one.quantity),
  );
  return readings.filter((one) => one.statistic === 'realtime' || !now.has(one.quantity));
}

function quantityName(words: Words, reading: LatestReading): string {
  const name = words.quantities[reading.quantity] ?? reading.quantity;
  const [period = '', aggregate = ''] = reading.statistic.split('.');
  const how = [words.periods[period], words.aggregates[aggregate]].filter((part) => part !== undefined);
  const gap = words.lang === 'en' ? ' ' : '';
  return how.length === 0 ? name : `${name}${words.lang === 'en' ? ' ' : ''}(${how.join(gap)})`;
}

const units: Record<string, string> = {
  'ug/m3': 'µg/m³',
  'mg/m3': 'mg/m³',
  Cel: '°C',
  '%RH': '%',
  '/': '',
  deg: '°',
  m3: 'm³',
  floor: '',
  storey: '',
  '1': '',
};

function amount(words: Words, reading: LatestReading): string {
  if (reading.value === null) return '—';
  const value = new Intl.NumberFormat(words.lang, { maximumFractionDigits: 1 }).format(reading.value);
  const floor = /floor|storey/.test(reading.quantity);
  const unit = floor ? words.floorUnit : (units[reading.unit] ?? reading.unit);
  return unit === '' ? value : `${value}\u00a0${unit}`;
}
