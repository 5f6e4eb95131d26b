// What waits for the person who signed in, on one list at the top.

import { useEffect, useState } from 'preact/hooks';

import './seat.css';
import { getFindings, type Finding } from './finding';
import { useWords } from './i18n';
import { useSeatWords } from './sign_in_form';
import type { Milestone, Session, Site } from './site';

const mostShown = 8;

interface Task {
  text: string;
  href: string;
}

/// Somebody beside the box speaks for it; what the camera alone proposes can wait for more.
const waits = (one: Milestone): boolean =>
  one.status === 'corroborated' ||
  one.status === 'recorded' ||
  (one.status === 'candidate' && one.statements.some((statement) => statement.act === 'claim'));

function milestoneTasks(site: Site, say: (subject: string, milestone: Milestone) => string): Task[] {
  const of = (name: string, milestones: Milestone[], href: string): Task[] =>
    milestones
      .filter((one) => one.may.includes('confirm') && waits(one))
      .map((one) => ({ text: say(name, one), href }));
  return [
    ...site.wholes.flatMap((one) => of(one.name || one.id, one.milestones, '#documents-title')),
    ...site.buildings.flatMap((one) => of(one.name || one.id, one.milestones, `#building-${encodeURIComponent(one.id)}`)),
  ];
}

export function Waiting(props: { site: Site; session: Session }) {
  const words = useWords();
  const own = useSeatWords();
  const { site, session } = props;
  const [findings, setFindings] = useState<Finding[]>([]);
  useEffect(() => {
    let gone = false;
    getFindings().then(
      (all) => gone || setFindings(all),
      () => undefined, // their own section says that they cannot be read
    );
    return () => {
      gone = true;
    };
  }, [site.ledger.size]);

  const name = (subject: string, one: Milestone): string => {
    const what = words.lang === 'en' ? one.en : one.zh;
    return own.toConfirm(`${subject} ${one.storey > 0 ? words.storeyCast(one.storey) : what}`);
  };
  const late = (one: Finding): string => (one.overdue ? own.overdue : '');
  const ofFindings = findings.flatMap((one): Task[] => {
    const href = '#findings';
    if (session.role === 'group' && one.status === 'put_right') return [{ text: own.toClose(one.id) + late(one), href }];
    const contractors = one.status === 'open' || one.status === 'answered';
    if (session.role === 'contractor' && contractors) return [{ text: own.toAnswer(one.id) + late(one), href }];
    return [];
  });
  const tasks = [...ofFindings, ...(session.role === 'group' ? milestoneTasks(site, name) : [])];
  if (session.role === 'operator') return null;
  return (
    <section class="card waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{own.waiting}</h2>
      {tasks.length === 0 ? <p class="muted">{own.waitingNone}</p> : null}
      <ul class="seat-list">
        {tasks.slice(0, mostShown).map((task) => (
          <li key={task.text}>
            <a class="link" href={task.href}>
              {task.text}
            </a>
          </li>
        ))}
      </ul>
      {tasks.length > mostShown ? <p class="muted">{own.more(tasks.length - mostShown)}</p> : null}
    </section>
  );
}
