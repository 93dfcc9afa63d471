/** A key as it is written on the keyboard at hand. */
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

/** A tooltip that names the key too: "Edit (E)", "Save (Ctrl+Enter)". */
export function withKey(label: string, keys: string): string {
  return `${label} (${keyWords(keys, isMac).join(isMac ? '' : '+')})`;
}
