/** What a failed send says of the create, and what of the way. */
import type { DeskError } from '../../errors.ts';

/** Whether the failure is the way's and says nothing of this create. */
export function isOfTheLink(error: DeskError): boolean {
  return error.code === 'UNAVAILABLE' || error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN';
}
