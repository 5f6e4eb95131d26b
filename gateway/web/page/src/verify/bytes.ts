// Bytes as the public texts write them.

export class Wrong extends Error {}

export const fromText = (text: string): Uint8Array => new TextEncoder().encode(text);

/// Only the one right UTF-8 of a text.
export function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Wrong('not UTF-8');
  }
}

export const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/// Only the one right spelling (RFC 4648, section 3.5).
export function fromBase64(text: string): Uint8Array {
  let raw: string;
  try {
    raw = atob(text);
  } catch {
    throw new Wrong('not base64');
  }
  if (btoa(raw) !== text) throw new Wrong('not the one base64 of its bytes');
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
