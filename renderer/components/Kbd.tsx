/** A key as it is written on the keyboard at hand. */
import { keyWords } from '../state/keys.ts';
import { isMac } from '../state/platform.ts';

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
