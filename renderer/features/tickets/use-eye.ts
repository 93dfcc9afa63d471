/**
 * Whether the person is in the list: the pointer over it, scrolled down, or at work in it by keys or clicks for as long
 * as it has the focus. The focus alone is no sign: it comes here after much that is done elsewhere.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { TicketList } from './ticket-list.ts';

/** @param place all that counts as the list, with what stands over its rows; it must stay while lists come and go. */
export function useEye(place: RefObject<HTMLElement | null>, list: TicketList): void {
  const shown = useRef(list);
  const over = useRef(false);
  /** Where it lay when the window came nobody is reading yet: what was kept may give way to what is true now. */
  const hasMoved = useRef(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const enter = (event: PointerEvent) => {
      hasMoved.current ||= event.movementX !== 0 || event.movementY !== 0;
      // A finger hovers over nothing.
      over.current = hasMoved.current && event.pointerType !== 'touch';
      shown.current.setEye({ pointer: over.current });
    };
    const leave = () => {
      over.current = false;
      shown.current.setEye({ pointer: false });
    };
    const work = () => shown.current.setEye({ keyboard: true });
    const click = ({ target }: Event) => (target as Element).closest('[role=row]') && work();
    const lookForFocus = () => {
      // A menu or a dialog lies over where the person is.
      const focused = document.activeElement;
      if (element.contains(focused) || focused?.closest('.dropdown-menu, [role=dialog]')) return;
      shown.current.setEye({ keyboard: false });
    };
    // By the time of the next task it is known where the focus went; a window that loses it keeps it there.
    const lookLater = () => setTimeout(lookForFocus);
    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener('pointerenter', enter, { signal });
    element.addEventListener('pointermove', enter, { signal });
    element.addEventListener('pointerleave', leave, { signal });
    element.addEventListener('keydown', work, { signal });
    element.addEventListener('click', click, { signal });
    document.addEventListener('focusin', lookForFocus, { signal });
    document.addEventListener('focusout', lookLater, { signal });
    return () => listening.abort();
  }, [place]);
  // Before the paint: what is shown next is held from its first moment.
  useLayoutEffect(() => {
    shown.current = list;
    const element = place.current;
    // The pointer may have been there before anybody listened.
    const isOver =
      over.current || (matchMedia('(hover: hover)').matches && element?.matches(':hover') === true);
    list.setEye({ pointer: isOver, keyboard: false, scrolled: false });
    return () => list.setEye({ pointer: false, keyboard: false, scrolled: false });
  }, [place, list]);
}
