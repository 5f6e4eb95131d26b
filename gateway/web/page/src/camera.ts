// Where the box's cameras look, as the operator sees and sets it.

import { ask, send } from './api';
import type { Corners, Point } from './homography';
import { count, fields, list, number, oneOf, text, texts } from './reading';
import { sha256 } from './site';

export type Scaffold = 'unknown' | 'climbing' | 'wrapped' | 'none';
export const scaffolds: readonly Scaffold[] = ['unknown', 'climbing', 'wrapped', 'none'];

export interface Facade {
  building: string;
  scaffold: Scaffold;
  storeysAtStart: number;
  corners: Corners;
}

export interface CameraSetup {
  facades: Facade[];
  masks: Point[][];
}

export interface Camera extends CameraSetup {
  id: string;
  name: string;
  size: Point;
  /// SHA-256 of the latest masked picture; empty: none.
  picture: string;
  pictureAt: string;
  /// Of the event that set it up; null: as the file says.
  ledgerIndex: number | null;
}

export interface Ruler {
  corners: Corners;
  roofError: number;
  notes: string[];
}

const readPoint = (value: unknown): Point => {
  const [x, y] = list(value, number);
  return [x ?? 0, y ?? 0];
};

function readCorners(value: unknown): Corners {
  const [a, b, c, d] = list(value, readPoint);
  const nowhere: Point = [0, 0];
  return [a ?? nowhere, b ?? nowhere, c ?? nowhere, d ?? nowhere];
}

function readFacade(value: unknown): Facade {
  const from = fields(value);
  return {
    building: text(from['building']),
    scaffold: oneOf(scaffolds, from['scaffold']) ?? 'unknown',
    storeysAtStart: count(from['storeys_at_start']),
    corners: readCorners(from['corners']),
  };
}

function readCamera(value: unknown): Camera {
  const from = fields(value);
  return {
    id: text(from['id']),
    name: text(from['name']),
    size: readPoint(from['image_size']),
    facades: list(from['facades'], readFacade),
    masks: list(from['masks'], (mask) => list(mask, readPoint)),
    picture: sha256(from['picture']),
    pictureAt: text(from['picture_at']),
    ledgerIndex: number(from['ledger_index']),
  };
}

export const getCameras = async (): Promise<Camera[]> =>
  list(fields(await ask('/api/v1/cameras'))['cameras'], readCamera);

const path = (camera: string, what: string): string => `/api/v1/cameras/${encodeURIComponent(camera)}/${what}`;
const indexOf = (value: unknown): number => count(fields(value)['ledger_index']);

/// Both give the number of the record.
export async function setUp(camera: string, setup: CameraSetup, csrf: string): Promise<number> {
  const facades = setup.facades.map(({ storeysAtStart, ...facade }) => ({ ...facade, storeys_at_start: storeysAtStart }));
  return indexOf(await ask(path(camera, 'setup'), send('PUT', { facades, masks: setup.masks }, csrf)));
}
export const takeBack = async (camera: string, csrf: string): Promise<number> =>
  indexOf(await ask(path(camera, 'setup'), { method: 'DELETE', headers: { 'X-CSRF-Token': csrf } }));

const rulerPatience = 60_000; // vision may have pictures in hand

export async function askRuler(
  camera: string,
  marked: { building: string; corners: Corners; storeys: number },
  csrf: string,
): Promise<Ruler> {
  const from = fields(await ask(path(camera, 'ruler'), send('POST', marked, csrf), rulerPatience));
  return {
    corners: readCorners(from['corners']),
    roofError: number(from['roof_error']) ?? 0,
    notes: texts(from['notes']),
  };
}
