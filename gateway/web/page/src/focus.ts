// Where the focus goes when a form opens in the place of its button, and when it closes: whoever uses
// the keyboard, or hears the page, would else begin again at the top.

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

const field = 'input[type="radio"]:checked, input:not([type="radio"], [type="file"]), select, textarea';

/// For the element around both: its first field is focused when the form opens, `opener` in it when it closes.
export function useFocusInPlace<Place extends HTMLElement>(open: boolean, opener = 'button'): RefObject<Place> {
  const place = useRef<Place>(null);
  const was = useRef(open);
  useLayoutEffect(() => {
    if (was.current === open) return;
    was.current = open;
    place.current?.querySelector<HTMLElement>(open ? field : opener)?.focus();
  }, [open]);
  return place;
}
