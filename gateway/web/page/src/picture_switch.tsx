// The operator switches how soon those who only look see pictures.

import { useId, useState } from 'preact/hooks';

import './field.css';
import './seat.css';
import { ask, send } from './api';
import { useWords } from './i18n';
import { ResultLine, type Result } from './result_line';
import { sayFailure } from './say_failure';
import type { PublicPictures, Session, Site } from './site';

const zh = {
  title: '公开照片',
  more: '不登录的人（扫公告栏二维码的）什么时候能看到照片。改动马上生效，并写进公开记录。登录的人和市平台照常收到照片。',
  choices: { live: '马上公开', delayed: '推迟公开', stopped: '暂不公开' },
  hours: '推迟几小时（1 到 720）',
  save: '保存并写进记录',
  saved: '已保存，马上生效。',
  wrong: '请填 1 到 720 之间的整数。',
};
const en: typeof zh = {
  title: 'Public pictures',
  more: 'When those who only look (by the code on the notice board) see pictures. It holds at once and is written into the public record. People who signed in and the platform get pictures as always.',
  choices: { live: 'at once', delayed: 'later', stopped: 'not at all' },
  hours: 'Hours later (1 to 720)',
  save: 'Save for the record',
  saved: 'Saved; it holds at once.',
  wrong: 'Give a whole number from 1 to 720.',
};
const ways = ['live', 'delayed', 'stopped'] as const;

export function PictureSwitch(props: { site: Site; session: Session; refresh: () => void }) {
  const words = useWords();
  const own = words.lang === 'en' ? en : zh;
  const id = useId();
  const now = props.site.pictures;
  const [shown, setShown] = useState<PublicPictures['shown']>(now.shown);
  const [hours, setHours] = useState(String(now.delayHours || 24));
  const [told, setTold] = useState<Result | null>(null);
  const save = async (): Promise<void> => {
    const delay_hours = Number(hours);
    const fits = Number.isInteger(delay_hours) && delay_hours >= 1 && delay_hours <= 720;
    if (shown === 'delayed' && !fits) return setTold({ good: false, text: own.wrong });
    try {
      const rule = shown === 'delayed' ? { shown, delay_hours } : { shown };
      await ask('/api/v1/public-pictures', send('PUT', rule, props.session.csrf));
      setTold({ good: true, text: own.saved });
      props.refresh();
    } catch (error) {
      setTold({ good: false, text: sayFailure(words, error) });
    }
  };
  return (
    <form
      class="card picture-switch fields"
      noValidate
      aria-labelledby={`${id}-title`}
      onInput={() => setTold(null)}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 id={`${id}-title`}>{own.title}</h2>
      <p class="muted">{own.more}</p>
      <fieldset class="finding-kinds">
        <legend class="visually-hidden">{own.title}</legend>
        {ways.map((one) => (
          <label key={one} class="toggle">
            <input type="radio" name={`${id}-shown`} checked={shown === one} onChange={() => setShown(one)} />
            <span>{own.choices[one]}</span>
          </label>
        ))}
      </fieldset>
      {shown === 'delayed' ? (
        <>
          <label for={`${id}-hours`}>{own.hours}</label>
          <input
            id={`${id}-hours`}
            type="number"
            inputMode="numeric"
            min={1}
            max={720}
            value={hours}
            onInput={(event) => setHours(event.currentTarget.value)}
          />
        </>
      ) : null}
      <ResultLine told={told} />
      <div class="speak-buttons">
        <button type="submit" class="strong">
          {own.save}
        </button>
      </div>
    </form>
  );
}
