/** Keeps a picture of the list for the next start of the desktop app, and drops that of the last one. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useFace } from '../../state/boot.tsx';
import { dropLastList, pictureOf } from '../../state/last-list.ts';
import type { LinkInfo } from '../../state/live.tsx';
import { clockTime } from '../../state/relative-time.ts';
import type { ListState } from './ticket-list.ts';

/** After a change, so that what comes together is drawn (ms). */
const restMs = 2_000;
/** At most so often, as each is a file (ms). */
const everyMs = 60_000;

export interface ShownList {
  state: ListState;
  link: Pick<LinkInfo, 'state'>;
  /** What a start would show: nothing beside the list, and nothing that is searched for. */
  isPlain: boolean;
}

export function useLastList(shown: ShownList): void {
  const face = useFace();
  const latest = useRef(shown);
  latest.current = shown;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const keptMs = useRef(Number.NEGATIVE_INFINITY);
  const { state } = shown;
  const isDrawn = state.asOf !== null || state.error !== null;
  useLayoutEffect(() => {
    if (isDrawn) dropLastList();
  }, [isDrawn]);
  const isWorthKeeping = isAsAtStart(shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: to run when the rows have changed
  useEffect(() => {
    if (face.kind !== 'desktop' || !isWorthKeeping || timer.current !== undefined) return;
    const keep = () => {
      timer.current = undefined;
      const frame = document.querySelector('#root .frame');
      const { asOf } = latest.current.state;
      // Looked at here alone: asked at each drawing, it would have the page laid out anew.
      const isAtTop = frame?.querySelector('[data-ticket-list]')?.scrollTop === 0;
      if (!frame || asOf === null || !isAtTop || !isAsAtStart(latest.current)) return;
      keptMs.current = performance.now();
      // It may be looked at on another day.
      void face.bridge.keepList(pictureOf(frame, clockTime(asOf, Number.POSITIVE_INFINITY)));
    };
    timer.current = setTimeout(keep, Math.max(restMs, keptMs.current + everyMs - performance.now()));
  }, [face, isWorthKeeping, state.items]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

function isAsAtStart({ state, link, isPlain }: ShownList): boolean {
  const isRead = state.asOf !== null && state.loading === null;
  return isPlain && isRead && link.state === 'CONNECTED';
}
