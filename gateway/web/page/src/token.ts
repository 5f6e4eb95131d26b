// Tokens of devices and cameras that push, as the operator sees them.

import { ask, send } from './api';
import { fields, list, text } from './reading';

export interface Token {
  id: string;
  name: string;
  kind: string;
  state: string;
  since: string;
}

export const getTokens = async (): Promise<Token[]> =>
  list(fields(await ask('/api/v1/tokens'))['tokens'], (value) => {
    const from = fields(value);
    return {
      id: text(from['id']),
      name: text(from['name']),
      kind: text(from['kind']),
      state: text(from['state']),
      since: text(from['since']),
    };
  });

const address = (id: string): string => `/api/v1/tokens/${encodeURIComponent(id)}`;

/// The new token; the box does not tell it again.
export const issueToken = async (id: string, csrf: string): Promise<string> =>
  text(fields(await ask(address(id), send('POST', {}, csrf)))['token']);

export const revokeToken = async (id: string, csrf: string): Promise<void> => {
  await ask(address(id), send('DELETE', {}, csrf));
};
