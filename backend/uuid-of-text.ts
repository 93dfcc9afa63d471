/** A UUID that is the same for the same text, and no other's: what is made again of it is known by its id. */
import { createHash } from 'node:crypto';

/** Of version 8 and variant 10 of RFC 9562, whose other bits are for whoever makes it: here of the text's SHA-256. */
export function uuidOfText(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
