// The page as a whole: who looks, what the box said last, and which parts show it.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { keptSite } from './api';
import { Boundary } from './boundary';
import { BuildingSection } from './building';
import { Clocks } from './clocks';
import { Devices } from './devices';
import { Documents } from './documents';
import { Round } from './evidence_image';
import { Findings } from './findings';
import { standsFirst, takeOver } from './first_html';
import { Gate } from './gate';
import { Notices, SiteHeader, TopBar } from './header';
import { useWords } from './i18n';
import { forget } from './kept';
import { Lapsed, useLapsed } from './lapsed';
import { onMirror } from './mirror';
import { OwnPlace } from './own_place';
import { PublicRule, ruleFor } from './public_pictures';
import { Ledger, UplinkCard } from './record';
import { arrive, leave, type Arrival } from './session';
import type { Session, Site } from './site';
import { follow, type Following, type View } from './stream';
import { RefusalList } from './refusals';
import { SeatCard } from './seat_card';
import { SignInForm } from './sign_in_form';
import { SiteTime, useTick } from './time';
import { ViewerPlace } from './viewer';
import { Waiting } from './waiting';

export function App() {
  const words = useWords();
  const [arrival, setArrival] = useState<Arrival | null>(null);
  const [waiting, setWaiting] = useState(false);
  const [view, setView] = useState<View>({ site: null, readAt: 0, state: 'loading' });
  const following = useRef<Following | null>(null);

  useEffect(() => {
    let gone = false;
    const wait = async (): Promise<void> => {
      setWaiting(true);
      if (standsFirst()) return; // newer than anything kept
      const last = await keptSite();
      if (last === null || gone || following.current !== null) return;
      setView({ site: last.site, readAt: performance.now() - last.age, state: 'away' });
    };
    const slow = setTimeout(() => void wait(), 3_000);
    void arrive(() => void wait()).then((result) => {
      clearTimeout(slow);
      if (gone) return;
      setWaiting(false);
      setArrival(result);
      following.current = follow(setView);
    });
    return () => {
      gone = true;
      clearTimeout(slow);
      following.current?.stop();
    };
  }, []);

  const site = view.site;
  useEffect(() => {
    document.title = words.title(site === null || site.name === '' ? words.product : site.name);
  }, [words, site?.name]);

  const told = site !== null || view.state === 'refused';
  useLayoutEffect(() => {
    if (told) takeOver();
  }, [told]);

  const tick = useTick(15_000);
  const session = arrival?.session ?? null;
  const person = session !== null && session.id !== '' ? session : null;
  const refresh = (): void => following.current?.refresh();
  const signOut = async (): Promise<void> => {
    if (session === null) return;
    await leave(session);
    following.current?.stop();
    await forget();
    setArrival({ session: null, link: 'none' });
    setView({ site: null, readAt: 0, state: 'loading' });
    following.current = follow(setView);
  };

  // Pictures that did not come are asked for again: by another session, or once the box is there again.
  const [round, setRound] = useState(0);
  const answers = view.state === 'live';
  useEffect(() => {
    if (answers) setRound((n) => n + 1);
  }, [answers, session?.csrf]);

  const goOn = (next: Session): void => {
    setArrival({ session: next, link: 'none' });
    refresh();
  };
  const { lapsed, look } = useLapsed(person, view.readAt, goOn);

  if (view.state === 'refused' && (person === null || site === null)) {
    return (
      <>
        <TopBar session={null} signOut={signOut} />
        <Gate link={arrival?.link ?? 'none'} retry={refresh} />
      </>
    );
  }
  if (site === null && standsFirst()) {
    return view.state === 'away' || waiting ? <AwayAtFirst /> : null;
  }
  if (site === null) {
    return (
      <>
        <TopBar session={null} signOut={signOut} />
        <main id="content" class="quiet" aria-busy="true">
          {view.state === 'away' || waiting ? (
            <div class="notice notice-away" role="status">
              <strong>{words.away}</strong>
              <span>{words.awayEmpty}</span>
            </div>
          ) : (
            <p role="status">{words.loading}</p>
          )}
        </main>
      </>
    );
  }

  const running = site.clock.mode === 'playback' ? 0 : Math.max(0, tick - view.readAt);
  const time = { now: Date.parse(site.clock.now) + running, timeZone: site.timeZone };
  return (
    <SiteTime.Provider value={time}>
      <PublicRule.Provider value={ruleFor(site.pictures, person !== null)}>
      <Round.Provider value={round}>
      <ViewerPlace>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <TopBar session={session} signOut={signOut} />
        <SiteHeader view={view} site={site} />
        <Notices view={view} site={site} link={arrival?.link ?? 'none'} />
        {lapsed ? <Lapsed look={look} /> : null}
        <main id="content">
          {person === null ? null : (
            <Boundary>
              <Waiting site={site} session={person} />
            </Boundary>
          )}
          {site.buildings.map((building) => (
            <Boundary key={building.id}>
              <BuildingSection building={building} site={site} session={session} refresh={refresh} />
            </Boundary>
          ))}
          {site.policy === null ? null : (
            <Boundary>
              <Clocks policy={site.policy} site={site} />
            </Boundary>
          )}
          <Boundary>
            <Documents site={site} session={session} refresh={refresh} />
          </Boundary>
          <Boundary>
            <Findings site={site} session={session} refresh={refresh} />
          </Boundary>
          <Boundary>
            <Devices site={site} />
          </Boundary>
          {person === null ? null : (
            <Boundary>
              <RefusalList session={person} names={namesOf(site)} />
            </Boundary>
          )}
          {person === null ? null : (
            <Boundary>
              <OwnPlace site={site} session={person} refresh={refresh} />
            </Boundary>
          )}
          <div class="pair">
            <Boundary>
              <UplinkCard uplink={site.uplink} />
            </Boundary>
            <Boundary>
              <Ledger site={site} />
            </Boundary>
          </div>
          <Boundary>{onMirror ? null : person === null ? <SignInForm entered={() => window.location.reload()} /> : <SeatCard session={person} />}</Boundary>
        </main>
        <footer class="footer">{onMirror ? words.mirrorFooter : words.footer}</footer>
      </ViewerPlace>
      </Round.Provider>
      </PublicRule.Provider>
    </SiteTime.Provider>
  );
}

/// Under what the box wrote when the page was opened.
function AwayAtFirst() {
  const words = useWords();
  return (
    <div class="notice page-notice notice-away away-at-first" role="status">
      <strong>{words.away}</strong>
      <span>{words.awayFirst}</span>
    </div>
  );
}

const namesOf = (site: Site): ReadonlyMap<string, string> =>
  new Map(site.devices.map((one) => [one.id, one.name || one.id]));
