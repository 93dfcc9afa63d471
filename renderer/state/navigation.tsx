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
import type { CommandId } from './command-registry.ts';
import { runCommand } from './commands.ts';
import {
  itemPanel,
  openPanel,
  type Panel,
  panelAddress,
  panelInAddress,
  samePanel,
  topPanel,
} from './panel-stack.ts';
import { type View, viewIn, viewText } from './views.ts';
import { remember, remembered } from './web-storage.ts';

export type { Panel } from './panel-stack.ts';

export interface Navigation {
  panel: Panel;
  /**
   * Shows a panel; `{ kind: 'none' }` closes all of them.
   * @param then what the panel is to do as soon as it is there.
   */
  open(panel: Panel, then?: CommandId): void;
  /** For the panel that has been opened: what it is to do now. Answers it once. */
  takeCommand(): CommandId | null;
  /** One level back. Focus returns to where it was when the level was opened. */
  back(): void;
  view: View;
  /** Goes to the list of a view. */
  setView(view: View): void;
  /** Takes a view's new state, if it is the one that is shown. */
  renewView(view: View): void;
  /** Goes up each time that the person goes to a view, be it the one that is shown. */
  visits: number;
}

const NavigationContext = createContext<Navigation | null>(null);

/** Keeps view and panel in the address, and the focus for the way back. */
export function NavigationProvider({ children }: { children: ReactNode }) {
  const [stack, setStack] = useState(() => openPanel([], panelInAddress()));
  const [view, setViewState] = useState<View>(() => viewIn(remembered('view')));
  const [visits, setVisits] = useState(0);
  const command = useRef<CommandId | null>(null);
  const focusBefore = useRef<Element[]>([]);
  const goingBack = useRef(false);
  const panel = topPanel(stack);

  const open = useCallback((next: Panel, then: CommandId | null = null) => {
    command.current = then;
    if (document.activeElement && document.activeElement !== document.body) {
      focusBefore.current = [...focusBefore.current.slice(-20), document.activeElement];
    }
    setStack((before) => openPanel(before, next));
  }, []);
  const takeCommand = useCallback(() => {
    const taken = command.current;
    command.current = null;
    return taken;
  }, []);
  const back = useCallback(() => {
    command.current = null;
    goingBack.current = true;
    setStack((before) => before.slice(0, -1));
  }, []);
  const renewView = useCallback(
    (next: View) => setViewState((shown) => (shown.id === next.id ? next : shown)),
    [],
  );
  const setView = useCallback((next: View) => {
    setViewState(next);
    setVisits((before) => before + 1);
  }, []);
  useEffect(() => remember('view', viewText(view)), [view]);

  // Once React has removed the panel, and with it what had the focus. An animation frame may come before that.
  // biome-ignore lint/correctness/useExhaustiveDependencies: to run when the stack has changed
  useEffect(() => {
    if (goingBack.current) restoreFocus(focusBefore.current);
    goingBack.current = false;
  }, [stack]);
  useEffect(() => {
    const before = panelInAddress();
    const isSameLevel = samePanel(before, panel) || (itemPanel(before) && itemPanel(panel));
    // The browser's own Back goes to what stood there before, as Esc does, and does not leave the desk.
    history[isSameLevel ? 'replaceState' : 'pushState'](null, '', `#/${panelAddress(panel)}`);
  }, [panel]);
  useEffect(() => {
    const follow = () => {
      goingBack.current = true;
      setStack(openPanel([], panelInAddress()));
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const navigation = useMemo(
    () => ({ panel, open, takeCommand, back, view, setView, renewView, visits }),
    [panel, open, takeCommand, back, view, setView, renewView, visits],
  );
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
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
  focusList();
}

/** Takes the focus to the list, where work goes on; where the panel covers it, to the panel. */
export function focusList(): void {
  // A panel that is just being closed may still cover it.
  if (!takesFocus('[data-ticket-list]'))
    requestAnimationFrame(() => takesFocus('[data-ticket-list]') || takesFocus('.panel-frame'));
}

function takesFocus(place: string): boolean {
  const element = document.querySelector<HTMLElement>(place);
  element?.focus({ preventScroll: true });
  return element !== null && document.activeElement === element;
}

/** Goes to a view as the person does. A view is the list: where the detail covers it, it makes way. */
export function useShowView(): (view: View) => void {
  const { open, setView } = useNavigation();
  return useCallback(
    (view) => {
      setView(view);
      if (matchMedia('(max-width: 62.49em)').matches) open({ kind: 'none' });
    },
    [open, setView],
  );
}

/** For a panel that answers commands: runs the one that it was opened for. */
export function useTakenCommand(): void {
  const { takeCommand } = useNavigation();
  useEffect(() => {
    const command = takeCommand();
    if (command) runCommand(command);
  }, [takeCommand]);
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error('useNavigation needs a NavigationProvider above it');
  return navigation;
}
