// What the box wrote into the page before this script came (gateway/web/first_html.cpp). It stands
// until the script has the same to show, and goes in the same instant.

const written = (): HTMLElement | null => document.getElementById('first');

/// False where the page came without it, as from a mirror.
export const standsFirst = (): boolean => written() !== null;

/// The link in the address was exchanged for a cookie by the box already.
export const enteredByLink = (): boolean => written()?.dataset['entered'] !== undefined;

export function takeOver(): void {
  written()?.remove();
}
