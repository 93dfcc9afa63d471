/** Where the person is: the view of the list, and the panel beside it. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { openPanel, type Panel, panelAddress, panelAt, topPanel } from './panel-stack.ts';
import { remember, remembered } from './remembered.ts';
import { isView, type View } from './views.ts';

export type { Panel } from './panel-stack.ts';
export type { View } from './views.ts';

export interface Desk {
  panel: Panel;
  /** Shows a panel; `{ kind: 'none' }` closes all of them. */
  open(panel: Panel): void;
  /** One level back. Focus returns to where it was when the level was opened. */
  back(): void;
  view: View;
  setView(view: View): void;
}

const DeskContext = createContext<Desk | null>(null);

/** Keeps view and panel in the address, and the focus for the way back. */
export function DeskProvider({ children }: { children: ReactNode }) {
  const [stack, setStack] = useState<readonly Panel[]>(() =>
    openPanel([], panelAt(location.hash.replace(/^#\/?/, ''))),
  );
  const [view, setViewState] = useState<View>(() => {
    const last = remembered('view');
    return isView(last) ? last : 'open';
  });
  const focusBefore = useRef<Element[]>([]);
  const goingBack = useRef(false);
  const panel = topPanel(stack);

  const open = useCallback((next: Panel) => {
    if (document.activeElement && document.activeElement !== document.body) {
      focusBefore.current = [...focusBefore.current.slice(-20), document.activeElement];
    }
    setStack((before) => openPanel(before, next));
  }, []);
  const back = useCallback(() => {
    goingBack.current = true;
    setStack((before) => before.slice(0, -1));
  }, []);
  const setView = useCallback((next: View) => {
    remember('view', next);
    setViewState(next);
  }, []);

  // After React has taken the panel away (a frame may come before that), so that what it held is gone too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: to run when the stack has changed
  useEffect(() => {
    if (goingBack.current) restoreFocus(focusBefore.current);
    goingBack.current = false;
  }, [stack]);
  useEffect(() => {
    const address = panelAddress(panel);
    history.replaceState(null, '', address === '' ? '#/' : `#/${address}`);
  }, [panel]);
  useEffect(() => {
    const follow = () => setStack(openPanel([], panelAt(location.hash.replace(/^#\/?/, ''))));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const desk = useMemo(() => ({ panel, open, back, view, setView }), [panel, open, back, view, setView]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

/** The last focused element that is still there; else the list, which always is. */
function restoreFocus(trail: Element[]): void {
  if (document.activeElement && document.activeElement !== document.body) return;
  while (trail.length > 0) {
    const element = trail.pop();
    if (element instanceof HTMLElement && element.isConnected) {
      element.focus({ preventScroll: true });
      return;
    }
  }
  document.querySelector<HTMLElement>('[data-ticket-list]')?.focus({ preventScroll: true });
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk needs a DeskProvider above it');
  return desk;
}
