// The operator records a date that a document shows. The document goes first, under its hash.

import { useId, useRef, useState } from 'preact/hooks';

import { handIn, Refused, say } from './api';
import { useWords } from './i18n';
import { sayFailure } from './say_failure';
import type { Session, Site } from './site';

/// As gateway/domain/milestone.cpp names them; that of a facility is its own.
const kinds: readonly (readonly [id: string, zh: string, en: string])[] = [
  ['plan_complete', '安置方案完备', 'resettlement plan complete'],
  ['agreement_signed', '签约', 'agreements signed'],
  ['new_plot_cleared', '新址清零', 'new plot cleared'],
  ['demolition_start', '拆迁启动', 'demolition started'],
  ['plot_cleared', '清零', 'plot cleared'],
  ['construction_start', '开工', 'construction started'],
  ['acceptance', '竣工验收', 'completion acceptance'],
  ['completion_filing', '竣工备案', 'completion filing'],
  ['handover', '交付', 'flats handed over'],
  ['return_preparation', '回迁筹备', 'preparation of return'],
  ['return_complete', '回迁安置', 'return complete'],
  ['first_registration', '首次登记', 'first registration'],
  ['transfer_registration', '转移登记', 'transfer registration'],
];
const facilityReady = ['facility_ready', '配套具备', 'facility ready'] as const;

export function RecordForm(props: { site: Site; session: Session; refresh: () => void }) {
  const words = useWords();
  const own = words.clocks;
  const id = useId();
  const { site, session } = props;
  const [subject, setSubject] = useState(site.wholes[0]?.id ?? '');
  const [kind, setKind] = useState('agreement_signed');
  const [day, setDay] = useState('');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ good: boolean; text: string } | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const isFacility = site.wholes.find((one) => one.id === subject)?.kind === 'facility';
  const choices = isFacility ? [facilityReady] : kinds;

  const send = async (): Promise<void> => {
    const document = file.current?.files?.[0];
    if (document === undefined || day === '') {
      setTold({ good: false, text: own.recordMissing });
      return;
    }
    setBusy(true);
    setTold(null);
    try {
      const document_sha256 = await handIn(document, session.csrf);
      const recorded = await say(
        {
          building: subject,
          milestone: isFacility ? facilityReady[0] : kind,
          storey: 0,
          act: 'record',
          comment: '',
          day,
          document_sha256,
        },
        session.csrf,
      );
      setTold({ good: true, text: own.recorded(recorded.ledgerIndex) });
      if (file.current !== null) file.current.value = '';
      props.refresh();
    } catch (error) {
      // Here the box's own reason matters: which order cannot be, which day lies ahead.
      const detail = error instanceof Refused && (error.status === 409 || error.status === 400);
      setTold({ good: false, text: detail ? words.sayFailed.other(error.message) : sayFailure(words, error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      class="card record-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      <h3>{own.record}</h3>
      <label for={`${id}-of`}>{own.recordOf}</label>
      <select id={`${id}-of`} value={subject} onChange={(event) => setSubject(event.currentTarget.value)}>
        {site.wholes.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name || one.id}
          </option>
        ))}
      </select>
      <label for={`${id}-what`}>{own.recordWhat}</label>
      <select
        id={`${id}-what`}
        value={isFacility ? facilityReady[0] : kind}
        onChange={(event) => setKind(event.currentTarget.value)}
      >
        {choices.map(([name, zh, en]) => (
          <option key={name} value={name}>
            {words.lang === 'en' ? en : zh}
          </option>
        ))}
      </select>
      <label for={`${id}-day`}>{own.recordDay}</label>
      <input
        id={`${id}-day`}
        type="date"
        required
        value={day}
        onInput={(event) => setDay(event.currentTarget.value)}
      />
      <label for={`${id}-document`}>{own.recordDocument}</label>
      <input id={`${id}-document`} type="file" ref={file} required accept="application/pdf,image/jpeg,image/png" />
      <p class="muted">{words.forGood}</p>
      <p class={told === null ? 'visually-hidden' : told.good ? 'result result-good' : 'result result-bad'} role="status">
        {told?.text ?? ''}
      </p>
      <div class="speak-buttons">
        <button type="submit" class="strong" aria-disabled={busy}>
          {busy ? words.sending : own.recordSend}
        </button>
      </div>
    </form>
  );
}
