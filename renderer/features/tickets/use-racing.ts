/** Whether rows go by faster than they can be read, and faster than all of them could be drawn. */
import { useLayoutEffect, useRef } from 'react';

/** From one frame to the next; about 500 rows a second. */
const rowsOfALeap = 8;

/**
 * So it is from the second leap of one scrolling until its end: a step of a page alone is none.
 * @param first the index of the first row in view
 */
export function useRacing(first: number, isScrolling: boolean): boolean {
  const before = useRef({ first, leaps: 0 });
  const isLeap = Math.abs(first - before.current.first) > rowsOfALeap;
  const leaps = isScrolling ? before.current.leaps + (isLeap ? 1 : 0) : 0;
  useLayoutEffect(() => {
    before.current = { first, leaps };
  }, [first, leaps]);
  return leaps > 1;
}
