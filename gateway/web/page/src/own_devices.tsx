// The contractor's own devices: which is well, which is silent and since when, how often each was refused.

import './seat.css';
import { HealthIcon } from './icons';
import { useWords } from './i18n';
import type { Device, Site } from './site';
import { useCalendar } from './time';

const zh = {
  title: '本单位的设备',
  none: '配置里没有本单位的设备。',
  well: (n: number, all: number) => (n === all ? `${all} 台都正常。` : `${all} 台中有 ${all - n} 台要处理。`),
  heard: (when: string) => `最近一次数据：${when}`,
  never: '还没有送过数据',
  refused: (n: number) => `被退回 ${n} 次，原因见“被退回的数据和照片”`,
};
const en: typeof zh = {
  title: 'Your devices',
  none: 'No device of yours is configured.',
  well: (n, all) => (n === all ? `All ${all} are well.` : `${all - n} of ${all} need you.`),
  heard: (when) => `last heard ${when}`,
  never: 'never heard',
  refused: (n) => `refused ${n} times; why stands under “Refused data and pictures”`,
};

/// Who never said anything is not known to be well.
const healthOf = (device: Device): Device['health'] =>
  device.health === 'ok' && device.lastHeard === '' ? 'unknown' : device.health;

export function OwnDevices(props: { site: Site }) {
  const words = useWords();
  const own = words.lang === 'en' ? en : zh;
  const devices = props.site.devices.filter((one) => one.owner === 'contractor' && !one.camera);
  const well = devices.filter((one) => healthOf(one) === 'ok').length;
  return (
    <section class="card own-devices" aria-labelledby="own-devices-title">
      <h2 id="own-devices-title">{own.title}</h2>
      <p class="muted">{devices.length === 0 ? own.none : own.well(well, devices.length)}</p>
      <ul class="seat-list">
        {devices.map((one) => (
          <OwnDevice key={one.id} device={one} />
        ))}
      </ul>
    </section>
  );
}

function OwnDevice(props: { device: Device }) {
  const words = useWords();
  const own = words.lang === 'en' ? en : zh;
  const calendar = useCalendar();
  const { device } = props;
  const health = healthOf(device);
  return (
    <li data-device={device.id} data-health={health}>
      <span>
        <strong>{device.name || device.id}</strong>
        <span class="muted">
          {' '}
          {device.lastHeard === '' ? own.never : own.heard(calendar.since(device.lastHeard))}
          {device.refused === 0 ? '' : ` · ${own.refused(device.refused)}`}
        </span>
        {health === 'ok' || device.reason === '' ? null : <span class="muted"> · {device.reason}</span>}
      </span>
      <span class={`chip chip-health-${health}`}>
        <HealthIcon health={health} />
        {words.health[health]}
      </span>
    </li>
  );
}
