import { useEffect, useRef } from 'react';

/** @returns a ref for what has the focus once its dialog is open */
export function useFirstFocus<Field extends HTMLElement>() {
  const first = useRef<Field>(null);
  useEffect(() => {
    // The menu that it may have been opened from closes after this, and gives the focus back to where it was.
    const frame = requestAnimationFrame(() => first.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return first;
}
