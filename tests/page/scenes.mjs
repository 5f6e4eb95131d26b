// What a gateway would say about a site, in several situations. The pictures, days and storeys are
// those of the rendered time-lapse in tests/data; everything is deterministic.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const lapse = fileURLToPath(new URL('../data/timelapse/site-a/', import.meta.url));
const planned = 18;
const held = JSON.parse(readFileSync(new URL('policy.json', import.meta.url), 'utf8'));

const truth = readFileSync(join(lapse, 'truth.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [at, file, condition, storeys, stage, , usable] = line.split(',');
    return { at, file, condition, storeys: Number(storeys), stage, usable: usable.trim() !== '0' };
  });

const cast = JSON.parse(readFileSync(join(lapse, 'calibration.json'), 'utf8')).cast;

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/// name -> () => {type, bytes}: pictures of the frames, and the same with a storey ruler.
export const evidence = new Map();
const pictureOf = new Map();
const overlayOf = new Map();
const dark = ['night', 'fog'];

function pictures(frame) {
  if (!pictureOf.has(frame.file)) {
    const bytes = readFileSync(join(lapse, 'frames', frame.file));
    const picture = sha256(bytes);
    const overlay = sha256(`overlay of ${frame.file}`);
    evidence.set(picture, () => ({ type: 'image/jpeg', bytes }));
    evidence.set(overlay, () => ({ type: 'image/svg+xml', bytes: Buffer.from(ruler(bytes, frame)) }));
    pictureOf.set(frame.file, picture);
    overlayOf.set(frame.file, overlay);
  }
  return { picture: pictureOf.get(frame.file), overlay: overlayOf.get(frame.file) };
}

function ruler(jpeg, frame) {
  const rows = Array.from({ length: planned + 1 }, (_, n) => {
    const y = 485.8 - ((485.8 - 100.1) * n) / planned;
    const now = n === frame.storeys;
    return `<path d="M${now ? 350 : 368} ${y}H${now ? 610 : 382}" stroke="${now ? '#ff3b2f' : '#fff'}" stroke-width="${now ? 3 : 1.5}"/>${
      n % 3 === 0 || now ? `<text x="346" y="${y + 6}" text-anchor="end" fill="#fff" font-size="17" font-family="sans-serif">${n}</text>` : ''
    }`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540" viewBox="0 0 960 540"><image width="960" height="540" href="data:image/jpeg;base64,${jpeg.toString('base64')}"/><path d="M378.5 485.8L581.3 485.6 577.3 100.4 383.6 99.8z" fill="none" stroke="#ffffffb0" stroke-width="2"/>${rows.join('')}</svg>`;
}

const states = ['background', 'working', 'frame', 'infilled', 'facade'];

function bandsOf(storeys, stage) {
  return Array.from({ length: planned }, (_, index) => {
    const n = index + 1;
    if (['external_works', 'completed'].includes(stage)) return 'facade';
    if (stage === 'facade') return n > 9 ? 'facade' : 'infilled';
    if (n <= storeys - 3) return 'infilled';
    if (n <= storeys) return 'frame';
    return storeys > 0 && n <= storeys + 2 ? 'working' : 'background';
  });
}

function points(frames) {
  return frames.map((frame) => {
    const unsure = dark.includes(frame.condition) && frame.storeys > 0 && frame.storeys < planned;
    return {
      at: frame.at,
      storeys: frame.storeys,
      low: Math.max(0, frame.storeys - (unsure ? 1 : 0)),
      high: Math.min(planned, frame.storeys + (unsure ? 2 : 0)),
      stage: frame.stage,
      usable: frame.usable,
      picture: frame.usable ? pictures(frame).picture : null,
    };
  });
}

// A climbing platform stands some 1.4 storeys above the last slab, a parapet 0.6.
function groundsOf({ storeys, stage }) {
  if (storeys === 0) return { top_edge: 0.3, no_storey: 0.98 };
  if (stage !== 'superstructure') return { top_edge: storeys + 0.6, roof_stands: 0.97 };
  return { top_edge: storeys + 1.42, works_ahead: 1.45 };
}

function estimateOf(frames) {
  const last = frames[frames.length - 1];
  const point = points([last])[0];
  const shown = [...frames].reverse().find((frame) => frame.usable) ?? last;
  return {
    at: last.at,
    storeys: last.storeys,
    storeys_low: point.low,
    storeys_high: point.high,
    stage: last.stage,
    confidence: point.high > point.low ? 0.61 : 0.93,
    bands: bandsOf(last.storeys, last.stage),
    cameras: [
      {
        camera: 'mast', at: shown.at, storeys: last.storeys, storeys_low: point.low, storeys_high: point.high,
        confidence: 0.93, grounds: groundsOf(last),
      },
    ],
    usable: last.usable,
    reasons: last.usable ? [] : ['torn'],
    ...pictures(shown),
    picture_at: shown.at,
  };
}

const names = {
  agreement_signed: ['签约', 'agreements signed'],
  facility_ready: ['配套具备', 'facility ready'],
  construction_start: ['开工', 'construction started'],
  base_slab: ['底板完成', 'base slab cast'],
  zero_level: ['±0.00', 'structure at ground level'],
  storey_cast: ['楼层浇筑', 'storey cast'],
  topping_out: ['主体结顶', 'topping-out'],
  facade_done: ['外立面完成', 'facade done'],
};

let index = 0;
const said = (act, owner, by, at, more = {}) => ({
  act,
  owner,
  by,
  at,
  said: at,
  ledger_index: (index += 1),
  evidence: [],
  comment_sha256: null,
  ...more,
});

function milestone(kind, storey, status, at, statements, may = []) {
  return {
    milestone: kind,
    storey,
    zh: names[kind][0],
    en: names[kind][1],
    status,
    at,
    updated: statements.at(-1)?.said ?? at,
    ledger_index: statements.at(-1)?.ledger_index ?? 0,
    statements,
    may,
  };
}

function milestonesUpTo(frames) {
  const now = frames[frames.length - 1].at;
  const person = `sha256:${'4e'.repeat(32)}`;
  const list = [
    milestone(
      'zero_level',
      0,
      'confirmed',
      '2024-07-01T02:00:00Z',
      [
        said('propose', 'box', 'mast', '2024-07-01T02:00:00Z'),
        said('claim', 'contractor', 'contractor', '2024-06-30T01:00:00Z', { document_sha256: '5d'.repeat(32) }),
        said('confirm', 'group', person, '2024-07-01T02:00:00Z', { comment_sha256: '9a'.repeat(32) }),
      ],
      ['dispute'],
    ),
  ].filter((one) => one.at <= now);
  for (const [storey, at] of Object.entries(cast)) {
    if (at > now) continue;
    const seen = frames.find((frame) => frame.storeys >= Number(storey) && frame.usable);
    if (seen === undefined) continue;
    list.push(
      milestone(
        'storey_cast',
        Number(storey),
        Number(storey) % 4 === 0 ? 'corroborated' : 'candidate',
        seen.at,
        [
          said('propose', 'box', 'mast', seen.at, { evidence: [pictures(seen).picture] }),
          ...(Number(storey) % 4 === 0 ? [said('claim', 'contractor', 'hoist-1', seen.at)] : []),
        ],
        ['confirm', 'dispute'],
      ),
    );
  }
  const topped = frames.find((frame) => frame.stage === 'topped_out');
  if (topped !== undefined) {
    list.push(
      milestone(
        'topping_out',
        0,
        'candidate',
        '2024-11-08T04:13:00Z',
        [
          said('propose', 'box', 'mast', '2024-11-08T04:13:00Z', {
            said: frames[frames.length - 1].at,
            evidence: [
              pictures(topped).picture, estimateOf(frames).overlay,
              pictures(frames[frames.indexOf(topped) - 1]).picture,
            ],
          }),
        ],
        ['confirm', 'dispute'],
      ),
    );
  }
  return list;
}

const minutesBefore = (at, minutes) => new Date(Date.parse(at) - minutes * 60_000).toISOString();

function devices(now, top) {
  const reading = (quantity, value, unit, statistic = 'realtime') => ({ quantity, value, unit, statistic, at: now });
  return [
    {
      id: 'dust-1', name: '扬尘噪声监测仪', driver: 'hj212', owner: 'contractor', building: '', health: 'ok', reason: '',
      last_heard: minutesBefore(now, 1), refused: 2,
      latest: [
        reading('pm10', 81, 'ug/m3'), reading('pm2_5', 43, 'ug/m3'), reading('noise', 56.4, 'dB'),
        reading('temperature', 18.2, 'Cel'), reading('humidity', 63, '%RH'), reading('wind_speed', 2.4, 'm/s'),
        reading('pm10', 77.3, 'ug/m3', 'hour.mean'),
      ],
    },
    {
      id: 'hoist-1', name: '1 号施工升降机', driver: 'http', owner: 'contractor', building: 'b1', health: 'ok', reason: '',
      last_heard: minutesBefore(now, 4), refused: 0,
      latest: [reading('hoist_top_floor', Math.max(0, top - 3), '1'), reading('hoist_load', 840, 'kg')],
    },
    {
      id: 'wind-1', name: '塔吊风速仪', driver: 'modbus', owner: 'contractor', building: '', health: 'silent',
      reason: '37 分钟没有收到数据，应每 1 分钟一次', last_heard: minutesBefore(now, 37), refused: 0,
      latest: [reading('wind_speed', 5.1, 'm/s')],
    },
    {
      id: 'crane-1', name: '1 号塔吊', driver: 'simulated', simulated: true, owner: 'contractor', building: 'b1', health: 'ok',
      reason: '', last_heard: minutesBefore(now, 1), refused: 0,
      latest: [reading('crane_load', 1.2, 't'), reading('hook_height', 31.4, 'm')],
    },
  ];
}

function siteOf({ frames, name = '三墩北安置房二期', mode = 'system', ahead = 12 }) {
  const last = frames[frames.length - 1];
  index = 0;
  const milestones = milestonesUpTo(frames);
  const size = index + 1;
  const now = minutesBefore(last.at, mode === 'playback' ? 0 : -ahead);
  return {
    site: { id: 'hz-demo', name, gateway: 'gw1', time_zone: 'Asia/Shanghai' },
    clock: { now, mode, quality: mode === 'playback' ? 'playback' : 'synced' },
    buildings: [
      { id: 'b1', name: '3 号楼', storeys_planned: planned, storey_height_m: 2.9, estimate: estimateOf(frames), milestones },
    ],
    devices: devices(now, last.storeys),
    cameras: [
      last.usable
        ? { id: 'mast', name: '东南角高杆相机', health: 'ok', reason: '', last_heard: last.at }
        : { id: 'mast', name: '东南角高杆相机', health: 'warning', reason: '最近一张图片损坏', last_heard: last.at },
    ],
    alerts: [],
    parts: [{ id: 'hj212', kind: 'driver', health: 'ok', reason: '', since: null, last_word: minutesBefore(now, 1) }],
    uplink: {
      enabled: true, state: 'connected', since: minutesBefore(now, 60 * 26),
      events: { size, sent: size, receipted: Math.max(0, size - 2) },
      telemetry_waiting: 0, evidence_waiting: 2, state_waiting: 0, last_receipt: minutesBefore(now, 1),
    },
    findings: { open: 0, overdue: 0, newest: null },
    ledger: {
      size,
      root: sha256(`root ${size}`),
      key: 'jieding/hz-demo/gw1+5c1f0a37+AWu7gO8dJ5xW0m1v3hK2yLQh2r2mTqfUe1oYw0bBn9Xk',
    },
    counts: { readings_stored: 20412 + size, readings_repeated: 12, refused: 2 },
  };
}

/// A day of the dust station: a wave with two gaps, and a limit that it passes at noon.
function dayOf(device, until) {
  const steps = Array.from({ length: 144 }, (_, n) => n).filter((n) => !(n > 30 && n < 38) && !(n > 100 && n < 104));
  const wave = (base, swing) =>
    steps.map((n) => {
      const mean = base + swing * Math.sin((n / 144) * 2 * Math.PI - 1.5);
      return [n, mean * 0.9, mean, mean * 1.12];
    });
  return {
    device, from: minutesBefore(until, 24 * 60), until, step_s: 600,
    series: [
      { quantity: 'pm10', statistic: 'realtime', unit: 'ug/m3', points: wave(80, 55) },
      { quantity: 'wind_speed', statistic: 'realtime', unit: 'm/s', points: wave(3, 2) },
    ],
    limits: [{ quantity: 'pm10', statistic: 'realtime', unit: 'ug/m3', zh: '扬尘超标', en: 'Dust', level: 'alarm', above: 120 }],
  };
}

const upTo = (day) => truth.filter((frame) => frame.at < day);
const only = (frames) => ({
  site: siteOf({ frames }),
  history: { b1: historyOf(frames) },
  days: { 'dust-1': dayOf('dust-1', frames[frames.length - 1].at) },
});
const historyOf = (frames) => ({ building: 'b1', storeys_planned: planned, points: points(frames), days: daysOf(frames) });

/// The last good picture of each day on the site, which is eight hours ahead.
function daysOf(frames) {
  const last = new Map();
  for (const frame of frames.filter((one) => one.usable)) {
    const day = new Date(Date.parse(frame.at) + 8 * 3_600_000).toISOString().slice(0, 10);
    const digits = bandsOf(frame.storeys, frame.stage).map((band) => states.indexOf(band));
    last.set(day, { day, at: frame.at, storeys: frame.storeys, bands: digits.join('') });
  }
  return [...last.values()];
}

/// Two findings of the site: one overdue, one put right.
function found(site) {
  const { picture } = pictures(truth.find((frame) => frame.usable && !dark.includes(frame.condition)));
  const person = `sha256:${sha256('li')}`;
  const said = minutesBefore(site.clock.now, 60 * 24 * 20);
  const step = (act, owner, ledger_index, text, photos) => ({
    act, owner, by: person, said, ledger_index, status: 'open', due: '2024-08-20', text, photos,
    text_sha256: text === null ? null : sha256(text),
  });
  const common = {
    building: 'b1', raised: said, updated: said, due: '2024-08-20', photos: [picture], place_sha256: sha256('楼梯间'),
    place: '楼梯间，东侧',
  };
  return [
    {
      ...common, finding: 31, kind: 'safety', storey: 7, status: 'answered', ledger_index: 33, overdue: true, days_open: 20,
      may: ['send_back', 'close'],
      steps: [
        step('raise', 'group', 31, '洞口没有护栏，孩子会掉下去。', [picture]),
        step('answer', 'contractor', 33, '材料已经订了。', []),
      ],
    },
    {
      ...common, finding: 28, kind: 'quality', storey: 0, status: 'put_right', ledger_index: 35, overdue: false, days_open: 20,
      may: ['send_back', 'close'],
      steps: [step('raise', 'group', 28, '墙面开裂', [picture]), step('put_right', 'contractor', 35, null, [picture])],
    },
  ];
}

function empty() {
  return {
    site: {
      site: { id: 'new', name: '新工地', gateway: 'gw1', time_zone: 'Asia/Shanghai' },
      clock: { now: '2024-03-01T01:00:00Z', mode: 'system', quality: 'unsynced' },
      buildings: [{ id: 'b1', name: '1 号楼', storeys_planned: 11, storey_height_m: 2.9, estimate: null, milestones: [] }],
      devices: [],
      cameras: [],
      uplink: {
        enabled: false, state: 'off', since: null, events: { size: 1, sent: 0, receipted: 0 },
        telemetry_waiting: 0, evidence_waiting: 0, state_waiting: 0, last_receipt: null,
      },
      ledger: { size: 1, root: sha256('one'), key: '' },
      counts: { readings_stored: 0, readings_repeated: 0, refused: 0 },
    },
    history: { b1: { building: 'b1', storeys_planned: 11, points: [], days: [] } },
  };
}

/// Names that try to be HTML, very long words, two buildings, a refused frame, everything at odds.
function troubled() {
  const frames = upTo('2024-08-31');
  const scene = only(frames);
  const { site } = scene;
  const script = '<img src=x onerror="document.title=\'broken\'"><script>alert(1)</script>';
  site.site.name = `杭州市余杭区良渚街道某某村城中村改造拆迁安置房工程（一期）施工总承包项目${script}`;
  const [b1] = site.buildings;
  b1.name = script;
  b1.milestones.push(
    milestone('facade_done', 0, 'withdrawn', '2024-08-01T00:00:00Z', [
      said('propose', 'box', 'mast', '2024-08-01T00:00:00Z'),
      said('withdraw', 'box', 'mast', '2024-08-02T00:00:00Z'),
    ]),
    milestone(
      'base_slab',
      0,
      'disputed',
      '2024-06-01T00:00:00Z',
      [
        said('claim', 'contractor', script, '2024-06-01T00:00:00Z'),
        said('dispute', 'group', `sha256:${'ab'.repeat(32)}`, '2024-06-03T00:00:00Z', {
          comment_sha256: 'cd'.repeat(32),
          evidence: ['ef'.repeat(32)],
        }),
      ],
      ['confirm'],
    ),
  );
  site.buildings.push({
    id: 'b2', name: 'Tower-with-a-name-that-has-no-place-to-break-at-all-0123456789', storeys_planned: 33, storey_height_m: 2.9,
    estimate: {
      at: '2024-08-30T05:48:00Z', storeys: 10.6, storeys_low: 9, storeys_high: 13, stage: 'superstructure', confidence: 0.4,
      bands: Array.from({ length: 33 }, (_, n) => (n < 6 ? 'infilled' : n < 11 ? 'frame' : n < 13 ? 'working' : 'background')),
      usable: false, reasons: ['dark', 'fog', 'something_new'], picture: null, overlay: null, picture_at: null,
    },
    milestones: [],
  });
  scene.history.b2 = { building: 'b2', storeys_planned: 33, points: [], days: [] };
  site.devices[0].name = script;
  site.devices.push({
    id: 'x', name: 'a'.repeat(90), driver: 'modbus', owner: 'contractor', building: '', health: 'failed',
    reason: 'no answer from 10.0.0.7:502 (unit 3); check the cable of the RS-485 converter', last_heard: null, refused: 1234,
    latest: [{ quantity: 'some_new_quantity', value: 1e9, unit: 'furlong', statistic: 'day.max', at: null }],
  });
  site.buildings[0].observations = [
    {
      device: 'hoist-1', owner: 'contractor', shows: 'floor', level: 9, since: '2024-08-20T01:00:00Z',
      last: '2024-08-30T05:30:00Z', storeys_low: 8, storeys_high: null, estimate: 'supports',
    },
    {
      device: 'wind-1', owner: 'contractor', shows: 'hook', level: 12, since: '2024-08-20T01:00:00Z',
      last: '2024-08-30T05:30:00Z', storeys_low: null, storeys_high: 4, estimate: 'contradicts',
    },
  ];
  site.buildings[0].milestones[0].observations = [{ device: 'hoist-1', owner: 'contractor', says: 'supports' }];
  site.devices[0].counts = { 'tolerated.modbus_crc': 1204, heartbeat: 3, 'tolerated.something_new': 1 };
  site.devices[0].health = 'warning';
  site.devices[0].reason = 'packet 2 of 3 did not come';
  site.devices[0].since = '2024-08-30T05:20:00Z';
  site.alerts = [
    {
      alert: 'limit', act: 'raise', device: 'hoist-1', limit: 'load', level: 'alarm', zh: '升降机超载', en: 'Hoist overloaded',
      quantity: 'hoist_load', statistic: 'realtime', value: 2140, unit: 'kg', above: 2000, clear: 1900,
      since: '2024-08-30T05:41:00Z', raised: '2024-08-30T05:42:00Z', ledger_index: 40, flapping: true,
    },
    {
      alert: 'limit', act: 'raise', device: 'slab', limit: 'difference', level: 'warning', zh: '里表温差过大', en: 'Core too warm',
      quantity: 'concrete_core', minus: 'concrete_surface', statistic: 'realtime', value: 26.5, unit: 'Cel', above: 25, clear: 23,
      since: '2024-08-30T04:00:00Z', raised: '2024-08-30T04:05:00Z', ledger_index: 38,
    },
    {
      alert: 'limit', act: 'raise', device: 'dust-1', limit: 'night', level: 'warning', zh: '夜间噪声超标', en: 'Noise by night',
      quantity: 'noise', statistic: 'realtime', value: 58, unit: 'dB', above: 55, clear: 55, from: '22:00', until: '06:00',
      since: '2024-08-30T04:00:00Z', raised: '2024-08-30T04:05:00Z', ledger_index: 36,
    },
    {
      alert: 'limit', act: 'raise', device: 'slab', limit: 'cooling', level: 'warning', zh: '降温过快', en: 'Cools too fast',
      quantity: 'concrete_core', statistic: 'realtime', value: -2.4, unit: 'Cel', below: -2, clear: -1.8, over_s: 86400,
      since: '2024-08-30T04:00:00Z', raised: '2024-08-30T04:05:00Z', ledger_index: 35,
    },
    {
      alert: 'silence', act: 'raise', device: 'wind-1', of: 'device', silent_after_s: 600,
      last_heard: '2024-08-30T05:10:00Z', raised: '2024-08-30T05:20:00Z', ledger_index: 39,
    },
    { alert: 'silence', act: 'raise', device: 'x', of: 'device', silent_after_s: 600, raised: '2024-08-30T05:20:00Z', ledger_index: 37 },
  ];
  site.parts = [
    {
      id: 'modbus', kind: 'driver', health: 'failed', reason: 'exception: open /dev/ttyUSB0: No such file or directory',
      since: '2024-08-30T05:00:00Z', last_word: null,
    },
    { id: 'hj212', kind: 'driver', health: 'ok', reason: '', since: null, last_word: null },
  ];
  site.uplink = {
    ...site.uplink, state: 'offline', telemetry_waiting: 1200, evidence_waiting: 7, state_waiting: 1,
    events: { size: 50, sent: 31, receipted: 30 },
  };
  scene.findings = found(site);
  site.findings = { open: 2, overdue: 1, newest: 35 };
  return scene;
}

/// A project with dates, and the policy held against it on 2024-10-06: policy.json is what the box
/// computes for it, written down.
function clocks() {
  const scene = only(upTo('2024-10-06'));
  const { site } = scene;
  site.policy = held.policy;
  site.households = held.households;
  site.buildings[0].forecast = held.forecast;
  const document = 'ab'.repeat(32);
  const recorded = (kind, status, at, may) =>
    milestone(kind, 0, status, at, [said('record', 'operator', `sha256:${'cd'.repeat(32)}`, at, { document_sha256: document })], may);
  site.wholes = [
    { id: 'project', kind: 'project', name: site.site.name, milestones: [recorded('agreement_signed', 'confirmed', '2022-05-19T16:00:00Z', ['dispute'])] },
    { id: 'p1', kind: 'phase', name: '二期', milestones: [] },
    { id: 'water', kind: 'facility', name: '供水接入', milestones: [recorded('facility_ready', 'recorded', '2024-08-31T16:00:00Z', ['confirm', 'dispute'])] },
  ];
  return scene;
}

export const scenes = {
  clocks,
  rising: () => only(upTo('2024-10-06')),
  planned: (zero_level = '2024-07-01', topping_out = '2024-10-25', until = '2024-10-06') => {
    const scene = only(upTo(until));
    scene.site.buildings[0].plan = { zero_level, topping_out };
    return scene;
  },
  only_shown: () => {
    const scene = only(upTo('2024-10-06'));
    scene.site.read_only = true;
    return scene;
  },
  topped_out: () => only(upTo('2024-11-15')),
  playback: (step = 40) => {
    const frames = truth.slice(0, Math.min(truth.length, Math.max(1, step)));
    return { site: siteOf({ frames, mode: 'playback' }), history: { b1: historyOf(frames) } };
  },
  empty,
  troubled,
};
