/** Whether the person reads the list: the pointer is over it, or it is scrolled. Then nothing in it may move. */
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { TicketList } from './ticket-list.ts';

export function useReading(scroller: RefObject<HTMLElement | null>, list: TicketList): { onScroll(): void } {
  const over = useRef(false);
  const tell = useCallback(() => {
    list.setReading(over.current || (scroller.current?.scrollTop ?? 0) > 0);
  }, [list, scroller]);
  useEffect(() => {
    // With what stands over the rows: going up to "3 new" is not leaving them.
    const element = scroller.current?.parentElement;
    if (!element) return;
    const enter = (event: PointerEvent) => {
      // A finger hovers over nothing.
      over.current = event.pointerType !== 'touch';
      tell();
    };
    const leave = () => {
      over.current = false;
      tell();
    };
    tell();
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointerenter', enter);
      element.removeEventListener('pointerleave', leave);
    };
  }, [scroller, tell]);
  return { onScroll: tell };
}
