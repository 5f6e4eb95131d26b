// A key's fingerprint as people give it. Apart, so that the form needs no cryptography.

/// The digits of a fingerprint as people type it, from a sheet with blanks, colons or dashes; empty:
/// it is none.
export function readFingerprint(given: string): string {
  const digits = given.replace(/[\s:\-]/g, '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : '';
}
