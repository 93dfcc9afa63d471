/** Keeps a picture of the list for the next start of the desktop app, and drops that of the last one. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useFace } from '../../state/boot.tsx';
import { dropLastList, letLastListGo, pictureOf } from '../../state/last-list.ts';
import type { LinkInfo } from '../../state/live.tsx';
import { clockTime } from '../../state/relative-time.ts';
import type { ListQuery } from './list-filter.ts';
import type { ListState } from './ticket-list.ts';

/** After a change, so that what comes together is drawn (ms). */
const restMs = 2_000;
/** At most so often, as each is a file (ms). */
const everyMs = 60_000;

export interface ShownList {
  query: ListQuery;
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
  /** Of which list a picture was kept last, and when; and of which one is to be. */
  const kept = useRef<{ query?: ListQuery; atMs: number }>({ atMs: 0 });
  const planned = useRef<ListQuery>(undefined);
  const { state, query } = shown;
  const isDrawn = state.asOf !== null || state.error !== null;
  useEffect(letLastListGo, []);
  useLayoutEffect(() => {
    if (isDrawn) dropLastList();
  }, [isDrawn]);
  const isWorthKeeping = isAsAtStart(shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: to run when the rows have changed
  useEffect(() => {
    if (face.kind !== 'desktop' || !isWorthKeeping || planned.current === query) return;
    const keep = () => {
      planned.current = undefined;
      const frame = document.querySelector('#root .frame');
      const { asOf } = latest.current.state;
      // Looked at here alone: asked at each drawing, it would have the page laid out anew.
      const isAtTop = frame?.querySelector('[data-ticket-list]')?.scrollTop === 0;
      if (!frame || asOf === null || !isAtTop || !isAsAtStart(latest.current)) return;
      kept.current = { query: latest.current.query, atMs: performance.now() };
      // It may be looked at on another day.
      void face.bridge.keepList(pictureOf(frame, clockTime(asOf, Number.POSITIVE_INFINITY)));
    };
    clearTimeout(timer.current);
    planned.current = query;
    // That of another list would be the wrong one at the next start.
    const againMs = kept.current.query === query ? kept.current.atMs + everyMs - performance.now() : 0;
    timer.current = setTimeout(keep, Math.max(restMs, againMs));
  }, [face, isWorthKeeping, query, state.items]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

function isAsAtStart({ state, link, isPlain }: ShownList): boolean {
  const isRead = state.asOf !== null && state.loading === null;
  return isPlain && isRead && link.state === 'CONNECTED';
}
