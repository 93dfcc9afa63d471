/** A key as it is written on the keyboard at hand. */
import type { AriaAttributes } from 'react';
import { isMac, keyWords } from '../state/keys.ts';

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="text-nowrap">
      {keyWords(keys, isMac).map((word, index) => (
        <span key={word + String(index)}>
          {index > 0 && ' '}
          <kbd className="key">{word}</kbd>
        </span>
      ))}
    </span>
  );
}

/** The keys of a control at its end, for the eye; `keysOfControl` tells a screen reader, whose name of it they are no part of. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className="ms-auto" aria-hidden="true">
      <Kbd keys={keys} />
    </span>
  );
}

/** For the control itself. That two keys come one after the other can't be said by `aria-keyshortcuts`. */
export function keysOfControl(keys: string): AriaAttributes {
  const words = keys.replace('CmdOrCtrl', isMac ? 'Meta' : 'Control').split(' ');
  return words.length > 1 ? { 'aria-description': words.join(', then ') } : { 'aria-keyshortcuts': words[0] };
}

/** A tooltip that names the key too: "Edit (E)", "Save (Ctrl+Enter)". */
export function withKey(label: string, keys: string): string {
  return `${label} (${keyWords(keys, isMac).join(isMac ? '' : '+')})`;
}
