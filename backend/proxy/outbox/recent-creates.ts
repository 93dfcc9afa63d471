/**
 * What became of creates lately, so that one that comes again is answered at once. Only what the ticket service has told
 * is kept, and what is forgotten is filed and told by the service again: how much is kept decides nothing.
 */
import type { NewTicketValues } from '../../../proto/ticket-fields.ts';
import { digestOf } from '../../create-digest.ts';
import { DeskError } from '../../errors.ts';
import type { CreateState } from './entry.ts';

const maxKept = 1000;

export interface RecentCreate {
  /** Of the text that has the requestId, in hex. */
  digest: string;
  state: CreateState;
  /** Null when the service does not confirm. */
  id: number | null;
}

export class RecentCreates {
  readonly #known = new Map<string, RecentCreate>();

  note(requestId: string, create: RecentCreate): void {
    this.#known.set(requestId, create);
    if (this.#known.size > maxKept) this.#known.delete(this.#known.keys().next().value as string);
  }

  /** @throws DeskError CONFLICT: it was another text than this one. */
  find(requestId: string, text: NewTicketValues | undefined): Pick<RecentCreate, 'state' | 'id'> | undefined {
    const known = this.#known.get(requestId);
    if (known && text && known.digest !== hexDigestOf(text)) throw taken(known.id);
    return known;
  }
}

export function hexDigestOf(text: NewTicketValues): string {
  return digestOf(text).toString('hex');
}

/** @param ticketId of the ticket that has the requestId, where it is known. */
export function taken(ticketId: number | null): DeskError {
  const ticket = ticketId === null ? '' : `, and is ticket #${ticketId}`;
  return new DeskError(
    'CONFLICT',
    `Another text was filed under this requestId before${ticket}. File this one under a new requestId.`,
    { field: 'requestId', ...(ticketId !== null && { details: { ticketId } }) },
  );
}
