/** Brings keys to the commands. Shows nothing. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { commandRegistry } from '../state/commands.ts';
import { giveEarlyKeys } from '../state/early-keys.ts';
import { createKeyReader, isMac, type KeyAnswer, latinKey } from '../state/keys.ts';
import { focusList, useNavigation, useShowView } from '../state/navigation.tsx';
import { useViews } from '../state/own-views.tsx';
import type { View } from '../state/views.ts';

/** Where letters are text, or belong to whoever has opened on top. */
const typingPlaces =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable], [role=dialog], [role=menu], .dropdown-menu';

export function CommandKeys() {
  const { back } = useNavigation();
  const showView = useShowView();
  const views = useViews();
  const latest = useRef({ back, showView, views });
  // Before the paint: who sees the page may press its keys.
  useLayoutEffect(() => {
    latest.current = { back, showView, views };
  }, [back, showView, views]);
  useLayoutEffect(
    () =>
      listenToKeys({
        back: () => latest.current.back(),
        viewOf: (key) => latest.current.views.find((view) => view.key === key),
        show: (view) => latest.current.showView(view),
      }),
    [],
  );
  // Once everything on the page has said which keys it answers.
  useEffect(giveEarlyKeys, []);
  return null;
}

const listKeys = /^(Arrow(Up|Down)|Page(Up|Down)|Home|End|Enter| )$/;

/** With the focus on nothing, as at the start or after a click beside everything, the list has its keys all the same. */
function handToList(event: KeyboardEvent): void {
  const list = document.querySelector('[data-ticket-list]');
  if (event.target !== document.body || !listKeys.test(event.key)) return;
  if (!list || document.querySelector('.modal.show')) return;
  if (!list.dispatchEvent(new KeyboardEvent('keydown', event))) event.preventDefault();
  if (document.activeElement === document.body) focusList();
}

interface Ways {
  back(): void;
  /** The view that has this key. */
  viewOf(key: string): View | undefined;
  show(view: View): void;
}

function listenToKeys({ back, viewOf, show }: Ways): () => void {
  const read = createKeyReader((key) => viewOf(key) !== undefined);
  const onKeyDown = (event: KeyboardEvent) => {
    // Whoever answered the key before has had it.
    if (event.defaultPrevented) return;
    const typing = event.target instanceof Element && event.target.closest(typingPlaces) !== null;
    if (event.key === 'Escape') {
      if (event.repeat || document.querySelector('.modal.show, .dropdown-menu.show')) return;
      // What is chosen lies on top of what is open.
      if (!commandRegistry.run('choose-none')) back();
      return;
    }
    const answer = read({
      key: latinKey(event.key, event.code),
      mod: isMac ? event.metaKey : event.ctrlKey,
      alt: event.altKey,
      shift: event.shiftKey,
      typing,
      repeat: event.repeat,
      atMs: event.timeStamp,
    });
    if (answer === null) return handToList(event);
    if (isTaken(answer)) event.preventDefault();
  };
  const isTaken = (answer: Exclude<KeyAnswer, null>): boolean => {
    if (answer === 'first-of-two') return true;
    if ('command' in answer) return commandRegistry.run(answer.command);
    const view = viewOf(answer.view);
    if (view) show(view);
    return view !== undefined;
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
