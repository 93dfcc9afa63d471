import { useEffect } from 'react';
import { focusList } from '../state/navigation.tsx';

/** What a person is in; each takes the focus itself. */
const places = '.modal, .offcanvas, .panel-frame';

/**
 * What has the focus may go, as a button does that has done its work: then the keys go on in the dialog or panel that
 * held it, and where that is gone too, in what had the focus before.
 */
export function useFocusKept(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let place: HTMLElement | null = null;
    /** The last one in no dialog. */
    let behind: HTMLElement | null = null;
    const isLost = () => last?.isConnected === false && document.activeElement === document.body;
    const remember = ({ target }: FocusEvent) => {
      last = target as HTMLElement;
      place = last.closest<HTMLElement>(places);
      if (!last.closest('.modal, .offcanvas')) behind = last;
    };
    // Taken away by the person, as by a click on nothing, it is theirs to bring back.
    const forget = () =>
      queueMicrotask(() => {
        if (last?.isConnected && document.activeElement === document.body) last = null;
      });
    const goBack = () => {
      if (!isLost()) return;
      if (behind?.isConnected) behind.focus({ preventScroll: true });
      else focusList();
    };
    const removals = new MutationObserver(() => {
      if (!isLost()) return;
      if (place?.isConnected)
        (place.querySelector<HTMLElement>('.panel-body') ?? place).focus({ preventScroll: true });
      // Whoever has closed it may have a better place.
      else setTimeout(goBack, 100);
    });
    document.addEventListener('focusin', remember);
    document.addEventListener('focusout', forget);
    removals.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      document.removeEventListener('focusout', forget);
      removals.disconnect();
    };
  }, []);
}
