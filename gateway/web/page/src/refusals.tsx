// What the doors turned away and why, for those who look after devices: the newest, and how often.

import { useState } from 'preact/hooks';

import './seat.css';
import { ask } from './api';
import { useWords } from './i18n';
import { count, fields, list, text } from './reading';
import type { Session } from './site';
import { useCalendar } from './time';

const refusalZh = {
  title: '被退回的数据和照片',
  more: '设备或摄像机送来、盒子没有收下的，最近的在前。原因改好以后再送就会收下。',
  none: '没有被退回的。',
  failed: '暂时读不到，请再打开一次。',
  often: (reason: string, n: number) => `${reason}：共 ${n} 次`,
  unknownDevice: '不认识的设备',
  reasons: {
    rejected: '内容不能用',
    format: '格式不对',
    torn: '没有收完整',
    length: '长度不对',
    crc: '校验不对',
    tail: '结尾不对',
    unknown_device: '没有登记的设备',
    incomplete: '分包没有到齐',
    plaintext: '应当加密，却是明文',
    not_a_jpeg: '不是 JPEG 照片',
    misnamed: '文件名不是时间',
    too_late: '比已看过的照片早',
    from_the_future: '时间在将来',
    empty: '是空的',
    subscribe: '不能订阅',
  } as Record<string, string>,
};

const refusalEn: typeof refusalZh = {
  title: 'Refused data and pictures',
  more: 'What devices and cameras sent and the box did not take, newest first. Sent again, once mended, it is taken.',
  none: 'Nothing was refused.',
  failed: 'This cannot be read just now; open it again.',
  often: (reason, n) => `${reason}: ${n} times`,
  unknownDevice: 'unknown device',
  reasons: {},
};

interface Refusals {
  newest: { at: string; device: string; reason: string; detail: string }[];
  counts: { device: string; reason: string; refused: number }[];
}

async function getRefusals(): Promise<Refusals> {
  const from = fields(await ask('/api/v1/quarantine?count=50'));
  return {
    newest: list(from['newest'], (value) => {
      const one = fields(value);
      return { at: text(one['at']), device: text(one['device']), reason: text(one['reason']), detail: text(one['detail']) };
    }),
    counts: list(from['counts'], (value) => {
      const one = fields(value);
      return { device: text(one['device']), reason: text(one['reason']), refused: count(one['refused']) };
    }),
  };
}

/// Names of devices and cameras by id.
export function RefusalList(props: { session: Session; names: ReadonlyMap<string, string> }) {
  const words = useWords();
  const own = words.lang === 'en' ? refusalEn : refusalZh;
  const calendar = useCalendar();
  const [known, setKnown] = useState<Refusals | null>(null);
  const [failed, setFailed] = useState(false);
  const { role } = props.session;
  if (role !== 'contractor' && role !== 'operator') return null;
  const load = (): void => {
    setFailed(false);
    getRefusals().then(setKnown, () => setFailed(true));
  };
  const nameOf = (id: string): string => (id === '' ? own.unknownDevice : (props.names.get(id) ?? id));
  const reasonOf = (reason: string): string => own.reasons[reason] ?? words.reasons[reason as keyof typeof words.reasons] ?? reason;
  return (
    <details class="card refusals" onToggle={(event) => (event.currentTarget.open ? load() : undefined)}>
      <summary>{own.title}</summary>
      <p class="muted">{own.more}</p>
      {failed ? <p role="alert">{own.failed}</p> : null}
      {known?.counts.length === 0 ? <p class="empty">{own.none}</p> : null}
      <ul class="seat-list">
        {known?.counts.map((one) => (
          <li key={`${one.device} ${one.reason}`}>
            <strong>{nameOf(one.device)}</strong>
            <span>{own.often(reasonOf(one.reason), one.refused)}</span>
          </li>
        ))}
      </ul>
      <ul class="seat-list">
        {known?.newest.map((one, n) => (
          <li key={n} class="refusal">
            <span>
              {calendar.minute(one.at)} · {nameOf(one.device)} · {reasonOf(one.reason)}
            </span>
            <span class="muted" lang="en">
              {one.detail}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
