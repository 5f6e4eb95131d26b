// Where the page asks: the box, or a mirror of it (jieding mirror), a folder of files on any web server. Files
// have no query and are called by what they are (gateway/mirror/names.hpp names them alike).

import { count, fields, text } from './reading';

/// Nobody can sign in there, nothing is taken in, and no stream tells of changes.
export const onMirror = document.querySelector('meta[name="jieding-mirror"]') !== null;

/// The name of an answer's file, beside the page.
function fileOf(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://box');
  const name = pathname.slice(1);
  if (!name.startsWith('api/')) return name;
  if (!name.startsWith('api/v1/evidence/')) return `${name}.json`;
  const width = searchParams.get('width');
  return width === null ? `${name}.jpg` : `${name}-${width}.jpg`;
}

/// What to ask for `path` of the box's interface.
export const addressOf = (path: string): string => (onMirror ? fileOf(path) : path);

/// How old what the mirror shows is, in milliseconds, and whether it comes later than it should.
export interface MirrorAge {
  age: number;
  late: boolean;
}

const rounds = 4; // that may fail before it is said
const slack = 60_000;

/// By the clocks of mirror and web server, because a telephone's may be wrong.
export function mirrorAge(told: unknown, now: number): MirrorAge {
  const from = fields(told);
  const age = Math.max(0, now - Date.parse(text(from['read_at'])));
  return { age, late: !(age <= rounds * 1000 * count(from['every_s']) + slack) };
}

/// The server's time, which it sends with each answer; else the telephone's.
export function serverNow(answer: Response): number {
  const date = Date.parse(answer.headers.get('Date') ?? '');
  const held = Number(answer.headers.get('Age') ?? 0) * 1000; // in a cache on the way
  return Number.isNaN(date) ? Date.now() : date + (Number.isNaN(held) ? 0 : held);
}
