/** Brings keys to the commands. Shows nothing. */
import { useLayoutEffect } from 'react';
import { commandRegistry } from '../state/commands.ts';
import { createKeyReader, isMac, latinKey } from '../state/keys.ts';
import { useNavigation } from '../state/navigation.tsx';

/** Where letters are text, or belong to whoever has opened on top. */
const typingPlaces =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable], [role=dialog], [role=menu], .dropdown-menu';

export function CommandKeys() {
  const { back } = useNavigation();
  // Before the paint: who sees the page may press its keys.
  useLayoutEffect(() => listenToKeys(back), [back]);
  return null;
}

function listenToKeys(back: () => void): () => void {
  const read = createKeyReader();
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
    if (answer === null) return;
    if (answer === 'first-of-two' || commandRegistry.run(answer.command)) event.preventDefault();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
