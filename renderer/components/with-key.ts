import { keyWords } from '../state/keys.ts';
import { isMac } from '../state/platform.ts';

/** A tooltip that names the key too: "Edit (E)", "Save (Ctrl+Enter)". */
export function withKey(label: string, keys: string): string {
  return `${label} (${keyWords(keys, isMac).join(isMac ? '' : '+')})`;
}
