// Devices and cameras, and their last word.

import { Alerts } from './alerts';
import { DayOfDevice } from './device_day';
import { HealthIcon } from './icons';
import { useWords } from './i18n';
import { amount, quantityName } from './quantity';
import type { Device, LatestReading, Site } from './site';
import { useCalendar } from './time';

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
      <Alerts site={site} />
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
      {device.health === 'ok' || (device.reason === '' && device.since === '') ? null : (
        <p class="device-reason">
          {device.reason}
          {device.since === '' ? null : (
            <span class="muted">
              {device.reason === '' ? '' : ' · '}
              {words.since(calendar.minute(device.since))}
            </span>
          )}
        </p>
      )}
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
      <Counts counts={device.counts} />
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
      {device.camera || readings.length === 0 ? null : <DayOfDevice device={device.id} />}
    </li>
  );
}

/// What was let pass and counted since the box started, the most frequent first.
function Counts(props: { counts: Record<string, number> }) {
  const words = useWords();
  const counts = Object.entries(props.counts).sort((a, b) => b[1] - a[1]);
  if (counts.length === 0) return null;
  const grouped = new Intl.NumberFormat(words.lang);
  return (
    <details class="device-counts">
      <summary>{words.counted(counts.length)}</summary>
      <dl class="readings">
        {counts.map(([what, number]) => (
          <div key={what}>
            <dt>{words.countedWords[what] ?? what}</dt>
            <dd>{words.times(grouped.format(number))}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/// What the device says now; means and extremes only of quantities it does not say so.
function latest(readings: LatestReading[]): LatestReading[] {
  const now = new Set(
    readings.filter((one) => one.statistic === 'realtime').map((one) => one.quantity),
  );
  return readings.filter((one) => one.statistic === 'realtime' || !now.has(one.quantity));
}
