import { DeskError } from '../errors.ts';

/** @param field by which it was given */
export function foreignCursor(field: string, cause?: unknown): DeskError {
  const words = `${field} is not a cursor of this list. Begin at the first page.`;
  return new DeskError('BAD_USER_INPUT', words, { field, cause });
}
