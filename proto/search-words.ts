/** The folded words of a text, by which it is found. */
import { fold } from './fold.ts';

export function searchWords(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}
