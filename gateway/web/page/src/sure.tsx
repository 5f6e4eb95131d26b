// A button that asks once more in the page itself before it does what is hard to undo.

import { useEffect, useRef, useState } from 'preact/hooks';

export function Sure(props: { label: string; of: string; question: string; yes: string; no: string; then: () => void }) {
  const [asking, setAsking] = useState(false);
  const ask = useRef<HTMLButtonElement>(null);
  const no = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (asking) no.current?.focus();
    else if (asked.current) ask.current?.focus();
    asked.current = asking;
  }, [asking]);
  if (!asking) {
    return (
      <button type="button" class="plain" ref={ask} onClick={() => setAsking(true)}>
        {props.label}
        <span class="visually-hidden"> {props.of}</span>
      </button>
    );
  }
  return (
    <span class="sure" role="group" aria-label={props.question} onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}>
      <span>{props.question}</span>
      <button
        type="button"
        class="strong"
        onClick={() => {
          setAsking(false);
          props.then();
        }}
      >
        {props.yes}
      </button>
      <button type="button" class="plain" ref={no} onClick={() => setAsking(false)}>
        {props.no}
      </button>
    </span>
  );
}
