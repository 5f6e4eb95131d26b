// Stands in for the gateway: the built page, canned answers in the shape of its HTTP interface,
// the same security headers, live changes. For the page's tests and for designing it:
//   node stand_in.mjs [--scene rising|topped_out|playback|empty|troubled] [--dist DIR] [--port N] [--play]

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { evidence, scenes, sha256 } from './scenes.mjs';

export const viewerToken = 'viewer-token-of-the-stand-in';
export const signInToken = 'one-time-token-of-the-stand-in';

const security = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
/// As the box's own, where no rule has a closer word.
const codes = { 401: 'signed_out', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 429: 'too_many', 500: 'internal' };

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.webmanifest': 'application/manifest+json',
};

/// As a viewer, or somebody who signed in, may read a finding.
const signedIn = (session) => session !== undefined && session.id !== '';
const summary = ({ steps, place, ...finding }, session) => ({ ...finding, may: signedIn(session) ? finding.may : [] });
const told = (finding, session) => ({
  ...finding,
  ...summary(finding, session),
  place: signedIn(session) ? finding.place : null,
  steps: finding.steps.map((step) => ({ ...step, text: signedIn(session) ? step.text : null })),
});

export async function startStandIn({
  scene = 'rising',
  dist = process.env.JIEDING_PAGE_DIST ?? fileURLToPath(new URL('../../gateway/web/page/dist', import.meta.url)),
  port = 0,
  open = false,
} = {}) {
  let { site, history, findings = [], days = {} } = scenes[scene]();
  const streams = new Set();
  const sessions = new Map();
  const asked = [];
  let usedSignIn = false;
  let signIns = 0;
  let changes = 0;
  let fault = null;
  let historyTakes = 0;
  let log = null;

  const announce = () => {
    changes += 1;
    for (const stream of streams) stream.write(`event: change\ndata: ${changes}\n\n`);
  };

  const json = (response, status, body, headers = {}) => {
    response.writeHead(status, { ...security, 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
    response.end(JSON.stringify(body));
  };
  const refuse = (response, status, title, detail, code = codes[status] ?? 'invalid') => {
    response.writeHead(status, { ...security, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify({ type: 'about:blank', title, status, code, detail }));
  };
  const body = async (request) => {
    let text = '';
    for await (const piece of request) text += piece;
    return JSON.parse(text || '{}');
  };
  const sessionOf = (request) => {
    const cookie = /(?:^|;\s*)jieding_session=([^;]+)/.exec(request.headers.cookie ?? '');
    return cookie === null ? undefined : sessions.get(cookie[1]);
  };

  async function signIn(request, response) {
    const { token } = await body(request);
    let session;
    if (token === 'once-too-often') return refuse(response, 429, 'Too Many Requests', 'wait');
    if (token === viewerToken) {
      session = { id: '', name: '', role: 'viewer', csrf: 'csrf-viewer' };
    } else if (token === signInToken && !usedSignIn) {
      usedSignIn = true;
      signIns += 1;
      session = { id: 'li', name: '李阿姨', role: 'group', csrf: `csrf-li-${signIns}` };
    } else {
      return refuse(response, 401, 'Unauthorized', 'the link is too old or was used already');
    }
    const id = sha256(`session ${sessions.size} ${signIns}`);
    sessions.set(id, session);
    return json(response, 200, session, {
      'Set-Cookie': `jieding_session=${id}; HttpOnly; SameSite=Strict; Path=/`,
    });
  }

  async function speak(request, response, session) {
    if (session === undefined || session.id === '') return refuse(response, 403, 'Forbidden', 'sign in first');
    if (request.headers['x-csrf-token'] !== session.csrf) return refuse(response, 403, 'Forbidden', 'wrong CSRF token');
    const wanted = await body(request);
    asked.push(wanted);
    if (fault !== null) return refuse(response, fault.status, fault.title, fault.detail, fault.code);
    const building = site.buildings.find((one) => one.id === wanted.building);
    const milestone = building?.milestones.find(
      (one) => one.milestone === wanted.milestone && one.storey === wanted.storey,
    );
    if (milestone === undefined) return refuse(response, 404, 'Not Found', 'no such milestone');
    if (wanted.act === 'dispute' && wanted.comment === '') {
      return refuse(response, 400, 'Bad Request', 'a dispute needs a comment');
    }
    const ledger_index = site.ledger.size;
    site.ledger.size += 1;
    site.ledger.root = sha256(`root ${site.ledger.size}`);
    site.uplink.events.size += 1;
    milestone.status = wanted.act === 'confirm' ? 'confirmed' : 'disputed';
    milestone.may = wanted.act === 'confirm' ? ['dispute'] : ['confirm'];
    milestone.statements.push({
      act: wanted.act, owner: 'group', by: `sha256:${sha256(session.id)}`, at: milestone.at, said: site.clock.now,
      ledger_index, evidence: [], comment_sha256: wanted.comment === '' ? null : sha256(wanted.comment),
    });
    announce();
    return json(response, 200, { status: milestone.status, ledger_index });
  }

  async function file(response, path) {
    const name = normalize(path === '/' ? '/index.html' : path);
    const whole = join(dist, name);
    if (!whole.startsWith(dist.endsWith(sep) ? dist : dist + sep)) return refuse(response, 404, 'Not Found', '');
    try {
      const bytes = await readFile(whole);
      response.writeHead(200, {
        ...security,
        'Content-Type': types[extname(whole)] ?? 'application/octet-stream',
        'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(bytes);
    } catch {
      refuse(response, 404, 'Not Found', '');
    }
  }

  async function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://stand-in');
    const session = sessionOf(request);
    if (log?.files.has(pathname)) {
      response.writeHead(200, { ...security, 'Content-Type': 'application/octet-stream' });
      return response.end(log.files.get(pathname));
    }
    if (pathname === '/checkpoint') {
      response.writeHead(200, { ...security, 'Content-Type': 'text/plain; charset=utf-8' });
      return response.end(`jieding/hz-demo/gw1\n${site.ledger.size}\n`);
    }
    if (!pathname.startsWith('/api/v1/')) return file(response, pathname);
    if (pathname === '/api/v1/session') {
      if (request.method === 'POST') return signIn(request, response);
      if (session === undefined) return refuse(response, 401, 'Unauthorized', 'no session');
      if (request.method === 'DELETE') {
        if (request.headers['x-csrf-token'] !== session.csrf) return refuse(response, 403, 'Forbidden', 'wrong CSRF token');
        for (const [id, one] of sessions) if (one === session) sessions.delete(id);
        response.writeHead(204, security);
        return response.end();
      }
      return json(response, 200, session);
    }
    if (session === undefined && !open) return refuse(response, 401, 'Unauthorized', 'open the page by its link');
    if (pathname === '/api/v1/site') return json(response, 200, site);
    if (pathname === '/api/v1/milestones' && request.method === 'POST') return speak(request, response, session);
    if (pathname === '/api/v1/findings') return json(response, 200, { findings: findings.map((one) => summary(one, session)) });
    const finding = findings.find((one) => pathname === `/api/v1/findings/${one.finding}`);
    if (finding !== undefined) return json(response, 200, told(finding, session));
    if (pathname === '/api/v1/stream') {
      response.writeHead(200, { ...security, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(`event: change\ndata: ${changes}\n\n`);
      streams.add(response);
      request.on('close', () => streams.delete(response));
      return undefined;
    }
    const measured = /^\/api\/v1\/devices\/([^/]+)\/readings$/.exec(pathname);
    if (measured !== null) {
      const day = days[decodeURIComponent(measured[1])];
      return day === undefined ? refuse(response, 404, 'Not Found', '') : json(response, 200, day);
    }
    const building = /^\/api\/v1\/buildings\/([^/]+)\/history$/.exec(pathname);
    if (building !== null) {
      const points = history[decodeURIComponent(building[1])];
      await new Promise((resolve) => setTimeout(resolve, historyTakes));
      return points === undefined ? refuse(response, 404, 'Not Found', '') : json(response, 200, points);
    }
    const wanted = /^\/api\/v1\/evidence\/([0-9a-f]{64})$/.exec(pathname);
    if (wanted !== null && evidence.has(wanted[1])) {
      const { type, bytes } = evidence.get(wanted[1])();
      response.writeHead(200, {
        'Content-Type': type,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'private, max-age=31536000, immutable',
      });
      return response.end(bytes);
    }
    return refuse(response, 404, 'Not Found', '');
  }

  let server;
  const listen = (at) =>
    new Promise((resolve, reject) => {
      server = createServer((request, response) => {
        answer(request, response).catch((error) => refuse(response, 500, 'Internal Server Error', String(error)));
      });
      server.on('error', reject);
      server.listen(at, '127.0.0.1', () => resolve(server.address().port));
    });
  const real = await listen(port);
  const url = `http://127.0.0.1:${real}`;
  const stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  return {
    url,
    viewerUrl: `${url}/?viewer=${viewerToken}`,
    signInUrl: `${url}/?signin=${signInToken}`,
    /// What people have sent, oldest first.
    asked,
    /// Changes what the site is, and tells the open pages.
    change(edit) {
      edit(site, history, days);
      announce();
    },
    show(next, ...how) {
      ({ site, history, findings = [], days = {} } = scenes[next](...how));
      announce();
    },
    /// The next words of people are refused like this; null: heard again.
    refuseWith(next) {
      fault = next;
    },
    /// From now on the ledger is this one (ledger.mjs).
    keepLog(next) {
      log = next;
      site.ledger.key = next.vkey;
      announce();
    },
    slowHistory(milliseconds) {
      historyTakes = milliseconds;
    },
    forgetSessions() {
      sessions.clear();
    },
    /// The sign-in link opens once more, as a fresh one would.
    renewLink() {
      usedSignIn = false;
    },
    stop,
    restart: () => listen(real),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      scene: { type: 'string', default: 'rising' },
      dist: { type: 'string' },
      port: { type: 'string', default: '8090' },
      play: { type: 'boolean', default: false },
    },
  });
  const standIn = await startStandIn({
    scene: values.scene,
    port: Number(values.port),
    open: true,
    ...(values.dist === undefined ? {} : { dist: values.dist }),
  });
  console.log(standIn.url);
  console.log(standIn.signInUrl);
  if (values.play) {
    let step = 1;
    setInterval(() => standIn.show('playback', (step += 1)), 700);
  }
}
