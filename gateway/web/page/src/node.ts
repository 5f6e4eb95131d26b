// Sensor nodes and their firmware, as the operator's part of the box's interface tells them.

import { sha256 } from '@noble/hashes/sha2';

import { ask, send } from './api';
import { count, fields, list, number, oneOf, text, type Fields } from './reading';
import { toHex } from './verify/bytes';

export const rolloutStatuses = ['running', 'stopping', 'done', 'stopped'] as const;
export type RolloutStatus = (typeof rolloutStatuses)[number];
export const nodeSteps = ['begun', 'sent', 'marked', 'restarted', 'running', 'confirmed', 'failed'] as const;
export type NodeStep = (typeof nodeSteps)[number];

export interface SensorNode {
  id: string;
  name: string;
  version: string;
  since: string;
  heard: Heard | null;
}

/// What a node answered when the box last asked it.
export interface Heard {
  at: string;
  version: string; // empty: it was silent
  confirmed: boolean;
}

export interface Firmware {
  sha256: string;
  version: string;
  kept: string;
}

export interface Progress {
  node: string;
  step: NodeStep | null;
  at: string;
  reason: string;
  percent: number | null;
}

export interface Rollout {
  id: number;
  version: string;
  status: RolloutStatus;
  began: string;
  nodes: Progress[];
}

export interface Nodes {
  nodes: SensorNode[];
  firmware: Firmware[];
  rollout: Rollout | null;
}

const readProgress = (value: unknown): Progress => {
  const from = fields(value);
  return {
    node: text(from['node']),
    step: oneOf(nodeSteps, from['step']),
    at: text(from['at']),
    reason: text(from['reason']),
    percent: number(from['percent']),
  };
};

function readHeard(value: unknown): Heard | null {
  const from = fields(value);
  const at = text(from['at']);
  return at === '' ? null : { at, version: text(from['version']), confirmed: from['confirmed'] === true };
}

function readRollout(from: Fields): Rollout | null {
  const status = oneOf(rolloutStatuses, from['status']);
  if (status === null) return null;
  return {
    id: count(from['id']),
    version: text(from['version']),
    status,
    began: text(from['began']),
    nodes: list(from['nodes'], readProgress),
  };
}

export async function getNodes(): Promise<Nodes> {
  const from = fields(await ask('/api/v1/nodes'));
  return {
    nodes: list(from['nodes'], (value) => {
      const node = fields(value);
      return {
        id: text(node['id']),
        name: text(node['name']),
        version: text(node['version']),
        since: text(node['since']),
        heard: readHeard(node['heard']),
      };
    }),
    firmware: list(from['firmware'], (value) => {
      const image = fields(value);
      return { sha256: text(image['sha256']), version: text(image['version']), kept: text(image['kept']) };
    }),
    rollout: readRollout(fields(from['rollout'])),
  };
}

/// Gives the image to the box, which verifies it; returns its name there.
export async function handInFirmware(file: Blob, csrf: string): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = toHex(sha256(bytes));
  const patient = 120_000; // 16 MiB over a telephone
  await ask(
    `/api/v1/firmware/${name}`,
    { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream', 'X-CSRF-Token': csrf }, body: bytes },
    patient,
  );
  return name;
}

/// `allowOlder`: a version before what a node runs may come.
export const startRollout = async (image: string, nodes: string[], allowOlder: boolean, csrf: string): Promise<void> => {
  await ask('/api/v1/rollout', send('POST', { image, nodes, allow_older: allowOlder }, csrf), 60_000);
};

export const stopRollout = async (csrf: string): Promise<void> => {
  await ask('/api/v1/rollout', send('DELETE', {}, csrf));
};
