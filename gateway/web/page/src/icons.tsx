// Small line drawings that stand beside words, never instead of them.

import type { ComponentChildren } from 'preact';

import type { Health, Status } from './site';

function Icon(props: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      {props.children}
    </svg>
  );
}

const ring = <circle cx="10" cy="10" r="7.6" />;

const statusShapes: Record<Status, ComponentChildren> = {
  none: ring,
  candidate: (
    <>
      <circle cx="10" cy="10" r="7.6" stroke-dasharray="3.2 2.8" />
      <path d="M10 6v4.4l2.8 1.8" />
    </>
  ),
  corroborated: (
    <>
      <circle cx="7.4" cy="10" r="5" />
      <circle cx="12.6" cy="10" r="5" />
    </>
  ),
  confirmed: (
    <>
      {ring}
      <path d="M6.4 10.3l2.6 2.5 4.6-5.2" />
    </>
  ),
  disputed: (
    <>
      <path d="M10 2.6l7.8 13.8H2.2z" />
      <path d="M10 7.6v4.2M10 13.8v.6" />
    </>
  ),
  withdrawn: (
    <>
      <path d="M7 5.2L3.4 8.6 7 12" />
      <path d="M3.8 8.6h8.4a4 4 0 0 1 0 8H9" />
    </>
  ),
  recorded: (
    <>
      <path d="M5 2.8h7l3 3v11.4H5z" />
      <path d="M7.6 9h5M7.6 12.4h5" />
    </>
  ),
};

export function StatusIcon(props: { status: Status }) {
  return <Icon>{statusShapes[props.status]}</Icon>;
}

const healthShapes: Record<Health, ComponentChildren> = {
  ok: statusShapes.confirmed,
  warning: statusShapes.disputed,
  failed: (
    <>
      {ring}
      <path d="M7 7l6 6M13 7l-6 6" />
    </>
  ),
  silent: (
    <>
      {ring}
      <path d="M6.2 10h7.6" />
    </>
  ),
  unknown: (
    <>
      {ring}
      <path d="M7.8 7.8a2.2 2.2 0 1 1 3.2 2q-1 .5-1 1.6M10 13.8v.5" />
    </>
  ),
};

export function HealthIcon(props: { health: Health }) {
  return <Icon>{healthShapes[props.health]}</Icon>;
}

export function LinkIcon(props: { up: boolean }) {
  return (
    <Icon>
      <path d="M3 15.5h3V12H3zM8.5 15.5h3V8.5h-3zM14 15.5h3V4.5h-3z" />
      {props.up ? null : <path d="M2.5 3l15 14" />}
    </Icon>
  );
}
