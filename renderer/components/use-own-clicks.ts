/** The second half of a double click belongs to what its first half hit. */
import { useEffect } from 'react';

/**
 * A press may bring something else under the pointer: another button, or the ground on which a click closes. What a
 * hurried second press hits there was not meant. Labels click their fields without a press, and keys without any.
 */
export function useOwnClicks(): void {
  useEffect(() => {
    let first: EventTarget | null = null;
    let isStray = false;
    const press = ({ detail, target }: MouseEvent) => {
      if (detail <= 1) first = target;
      isStray = target !== first;
    };
    const click = (event: MouseEvent) => {
      if (!isStray || event.detail <= 1) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const listening = new AbortController();
    const { signal } = listening;
    // Before the page's own listeners, and around the ground that a dialog stands on.
    document.addEventListener('mousedown', press, { capture: true, signal });
    document.addEventListener('click', click, { capture: true, signal });
    return () => listening.abort();
  }, []);
}
