// A person's word on a milestone: confirm, or dispute with a reason. Two steps, because it stays.

import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { Refused, say } from './api';
import { useWords } from './i18n';
import { sayFailure } from './say_failure';
import type { Milestone, PersonAct, Session } from './site';
import { useCalendar } from './time';

type Result = { good: true; text: string } | { good: false; text: string };

export function Speak(props: {
  building: string;
  what: string;
  heading: string;
  milestone: Milestone;
  session: Session;
  refresh: () => void;
}) {
  const words = useWords();
  const [act, setAct] = useState<PersonAct | null>(null);
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const told = useRef<HTMLParagraphElement>(null);
  const { milestone } = props;

  const open = (next: PersonAct): void => {
    setAct(next);
    setResult(null);
  };
  const close = (): void => {
    setAct(null);
    setResult(null);
    requestAnimationFrame(() => buttons.current?.querySelector('button')?.focus());
  };
  const send = async (chosen: PersonAct): Promise<void> => {
    if (chosen === 'dispute' && comment.trim() === '') {
      setResult({ good: false, text: words.commentMissing });
      return;
    }
    setBusy(true);
    setResult(null);
    try {
      const recorded = await say(
        {
          building: props.building,
          milestone: milestone.kind,
          storey: milestone.storey,
          act: chosen,
          comment: comment.trim(),
        },
        props.session.csrf,
      );
      setAct(null);
      setComment('');
      setResult({ good: true, text: words.said(words.status[recorded.status], recorded.ledgerIndex) });
      requestAnimationFrame(() => told.current?.focus());
      props.refresh();
    } catch (error) {
      setResult({ good: false, text: sayFailure(words, error) });
      if (error instanceof Refused && error.status === 409) props.refresh();
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="speak">
      {act === null ? (
        <div class="speak-buttons" ref={buttons} role="group" aria-labelledby={props.heading}>
          {milestone.may.includes('confirm') ? (
            <button type="button" class="strong" onClick={() => open('confirm')}>
              {words.confirm}
            </button>
          ) : null}
          {milestone.may.includes('dispute') ? (
            <button type="button" class="plain" onClick={() => open('dispute')}>
              {words.dispute}
            </button>
          ) : null}
        </div>
      ) : (
        <Form
          act={act}
          what={props.what}
          day={milestone.at}
          comment={comment}
          busy={busy}
          fault={result !== null && !result.good ? result.text : ''}
          change={setComment}
          send={() => void send(act)}
          cancel={close}
        />
      )}
      <p
        class={result?.good === true ? 'result result-good' : 'visually-hidden'}
        role="status"
        ref={told}
        tabIndex={-1}
      >
        {result?.good === true ? result.text : ''}
      </p>
    </div>
  );
}

function Form(props: {
  act: PersonAct;
  what: string;
  day: string;
  comment: string;
  busy: boolean;
  fault: string;
  change: (comment: string) => void;
  send: () => void;
  cancel: () => void;
}) {
  const words = useWords();
  const calendar = useCalendar();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const disputing = props.act === 'dispute';
  // Before the next key: what is typed at once belongs in the field.
  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (props.fault !== '') field.current?.focus();
  }, [props.fault]);
  return (
    <form
      class={`speak-form fields speak-${props.act}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!props.busy) props.send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.cancel();
      }}
    >
      <p>
        <strong>
          {disputing ? words.disputeAsk(props.what) : words.confirmAsk(props.what, calendar.day(props.day))}
        </strong>{' '}
        {words.forGood}
        {words.changeMind[props.act]}
      </p>
      <label for={`${id}-comment`}>{disputing ? words.commentNeeded : words.comment}</label>
      <textarea
        id={`${id}-comment`}
        ref={field}
        rows={3}
        maxLength={2000}
        required={disputing}
        value={props.comment}
        aria-describedby={`${id}-hint ${id}-fault`}
        aria-invalid={props.fault !== ''}
        onInput={(event) => props.change(event.currentTarget.value)}
      />
      <p class="muted" id={`${id}-hint`}>
        {words.commentPrivate}
      </p>
      <p class={props.fault === '' ? 'visually-hidden' : 'result result-bad'} id={`${id}-fault`} role="alert">
        {props.fault}
      </p>
      <div class="speak-buttons">
        <button type="submit" class={disputing ? 'strong strong-dispute' : 'strong'} aria-disabled={props.busy}>
          {props.busy ? words.sending : disputing ? words.disputeSend : words.confirmSend}
        </button>
        <button type="button" class="plain" onClick={props.cancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
