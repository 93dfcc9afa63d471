/** Holds what one desk has against what was moved of it to another: each ticket, comment and change once, and the same. */
import type { Complaint } from './check.ts';
import type { FinalReads, FinalTicket } from './history.ts';

/** What each desk gives itself. */
const ownFields = new Set(['id', 'changedBy']);

export function checkMove(from: FinalReads, to: FinalReads): Complaint[] {
  const moved = from.tickets.filter(({ isDeleted, requestId }) => !isDeleted && requestId !== null);
  return moved.flatMap((ticket): Complaint[] => {
    const found = to.tickets.filter(({ requestId }) => requestId === ticket.requestId);
    const words = `ticket ${ticket.id}`;
    const [there] = found;
    if (!there) return [{ rule: 'lost', words }];
    if (found.length > 1) return [{ rule: 'doubled', words }];
    const [sent, stored] = [told(from, ticket), told(to, there)];
    return sent === stored ? [] : [{ rule: 'mistold', words: `${words}: ${sent} became ${stored}` }];
  });
}

/** All that is said of a ticket and was done to it, without the ids that each desk gives. */
function told({ comments, changes }: FinalReads, { id, version, values }: FinalTicket): string {
  const own = comments.filter(({ ticketId, isDeleted }) => ticketId === id && !isDeleted);
  const names = new Map(own.map((comment) => [String(comment.id), comment.requestId]));
  return JSON.stringify([
    version,
    Object.entries(values)
      .filter(([field]) => !ownFields.has(field))
      .sort(),
    own.map(({ requestId, body }) => [requestId, body]),
    changes
      .filter(({ ticketId, field }) => ticketId === id && field !== 'IMPORTED')
      .map((one) => [
        one.version,
        one.field,
        one.from,
        one.field === 'COMMENTED' ? (names.get(one.to ?? '') ?? null) : one.to,
      ]),
  ]);
}
