// How it ended, below a form; heard as well where it is not seen.

import type { ComponentChildren } from 'preact';

export interface Result {
  good: boolean;
  text: string;
}

export function ResultLine(props: { told: Result | null; children?: ComponentChildren }) {
  const { told } = props;
  return (
    <p class={told === null ? 'visually-hidden' : told.good ? 'result result-good' : 'result result-bad'} role="status">
      {told?.text ?? ''} {props.children}
    </p>
  );
}
