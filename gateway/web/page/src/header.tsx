// The top of the page: whose site, what time it is there, and how fresh all this is.

import { useState } from 'preact/hooks';

import { useSpeech, useWords } from './i18n';
import { addressOf, onMirror } from './mirror';
import { PublicPicturesNotice } from './public_pictures';
import type { Link } from './session';
import type { Session, Site } from './site';
import type { View } from './stream';
import { ago, useCalendar, useTick } from './time';
import { TypeSize } from './type_size';

export function TopBar(props: { session: Session | null; signOut: () => Promise<void> }) {
  const { words, other, switchLanguage } = useSpeech();
  const [failed, setFailed] = useState(false);
  const person = props.session !== null && props.session.id !== '' ? props.session : null;
  const leave = (): void => {
    setFailed(false);
    props.signOut().catch(() => setFailed(true));
  };
  return (
    <header class="topbar">
      <p class="product">
        <Mark />
        <span>{words.product}</span>
      </p>
      {person === null ? null : (
        <p class="person">
          <span class="person-name">{words.signedIn(person.name || person.id)}</span>{' '}
          <span class="person-role">{words.owners[person.role] ?? person.role}</span>
        </p>
      )}
      <div class="topbar-buttons">
        {person === null ? null : (
          <button type="button" class="plain" onClick={leave}>
            {words.signOut}
          </button>
        )}
        <a class="plain" href={addressOf(words.helpAddress)}>
          {words.help}
        </a>
        <TypeSize />
        <button type="button" class="plain" lang={other.lang} onClick={switchLanguage}>
          {words.other}
        </button>
      </div>
      {failed ? (
        <p class="topbar-fault" role="alert">
          {words.signOutFailed}
        </p>
      ) : null}
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
      <path class="mark-wall" d="M8 26V14h16v12z" />
      <path class="mark-joint" d="M8 18h16M8 22h16M13.3 14v12M18.7 14v12" />
      <path class="mark-roof" d="M6 10.5h20v3.5H6zM16 3.5l6 2.2-6 2.2z" />
      <path class="mark-line" d="M16 3.5v7M4 26.8h24" />
    </svg>
  );
}

export function SiteHeader(props: { view: View; site: Site }) {
  const words = useWords();
  const calendar = useCalendar();
  const tick = useTick(1_000);
  const { site, view } = props;
  const playback = site.clock.mode === 'playback';
  const since = Math.max(0, tick - view.readAt);
  const live = view.state === 'live';
  const now = Date.parse(site.clock.now) + (playback || !live ? 0 : since);
  return (
    <section class="site-header" aria-labelledby="site-name site-tagline">
      <h1 id="site-name">{site.name}</h1>
      <p id="site-tagline" class="tagline">{words.tagline}</p>
      <dl class="clockline">
        <div>
          <dt>{words.clock}</dt>
          <dd class="site-clock" data-mode={site.clock.mode}>
            {playback || !live ? calendar.minute(now) : calendar.second(now)}
          </dd>
        </div>
        <div>
          <dt class="visually-hidden">{words.live}</dt>
          <dd class={live ? 'fresh fresh-live' : 'fresh fresh-away'}>
            <span class="dot" aria-hidden="true" />
            {onMirror ? `${words.mirror} · ` : live ? `${words.live} · ` : ''}
            {words.updated(ago(words, since))}
          </dd>
        </div>
      </dl>
      {site.buildings.length > 1 ? (
        <nav class="jump">
          {site.buildings.map((building) => (
            <a key={building.id} href={`#building-${encodeURIComponent(building.id)}`}>
              {building.name || building.id}
            </a>
          ))}
        </nav>
      ) : null}
    </section>
  );
}

export function Notices(props: { view: View; site: Site; link: Link }) {
  const words = useWords();
  const { view, site } = props;
  return (
    <section class="notices" aria-label={words.notices}>
      {/* Said once; the age beside it runs on and would be said again each time. */}
      <p class="visually-hidden" role="status">
        {view.state === 'away' ? words.away : ''}
      </p>
      {onMirror && view.state !== 'away' ? <OnMirror readAt={view.readAt} said={site.clock.now} /> : null}
      {view.state === 'away' ? <Away readAt={view.readAt} said={site.clock.now} /> : null}
      {site.clock.mode === 'playback' ? (
        <p class="notice page-notice notice-playback">
          <strong>{words.playback}</strong>
          <span>{words.playbackMore}</span>
        </p>
      ) : null}
      {site.clock.mode !== 'playback' && site.clock.quality === 'unsynced' ? (
        <p class="notice page-notice notice-warning">{words.clockUntrusted}</p>
      ) : null}
      {site.readOnly ? (
        <p class="notice page-notice notice-warning notice-read-only">
          <strong>{words.readOnly}</strong>
          <span>{words.readOnlyMore}</span>
        </p>
      ) : null}
      <PublicPicturesNotice />
      {props.link === 'refused' || props.link === 'locked' ? (
        <p class="notice page-notice notice-warning" role="status">
          {props.link === 'locked' ? words.linkLocked : words.linkRefusedStill}
        </p>
      ) : null}
    </section>
  );
}

function OnMirror(props: { readAt: number; said: string }) {
  const words = useWords();
  const calendar = useCalendar();
  const tick = useTick(1_000);
  return (
    <p class="notice page-notice" data-notice="mirror">
      <strong>{words.mirrorTitle}</strong>
      <span>{words.mirrorMore(calendar.minute(props.said), ago(words, Math.max(0, tick - props.readAt)))}</span>
    </p>
  );
}

function Away(props: { readAt: number; said: string }) {
  const words = useWords();
  const calendar = useCalendar();
  const tick = useTick(1_000);
  return (
    <p class="notice page-notice notice-away">
      <strong>{words.away}</strong>
      <span>{words.awayOld(calendar.minute(props.said), ago(words, Math.max(0, tick - props.readAt)))}</span>
    </p>
  );
}
