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
    return partNames
      .filter((part) => sent[part] !== stored[part])
      .map((part) => ({ rule: 'mistold', words: `${words}, ${part}: ${sent[part]} became ${stored[part]}` }));
  });
}

const partNames = ['fields', 'comments', 'history'] as const;

/** All that is said of a ticket and was done to it, without the ids that each desk gives. */
function told(
  { comments, changes }: FinalReads,
  { id, values }: FinalTicket,
): Record<(typeof partNames)[number], string> {
  const own = comments.filter(({ ticketId, isDeleted }) => ticketId === id && !isDeleted);
  const names = new Map(own.map((comment) => [String(comment.id), comment.requestId]));
  const fields = Object.entries(values).filter(([field]) => !ownFields.has(field));
  const history = changes
    .filter(({ ticketId, field }) => ticketId === id && field !== 'IMPORTED')
    .map(({ version, field, from, to }) => {
      return [version, field, from, field === 'COMMENTED' ? (names.get(to ?? '') ?? null) : to];
    });
  return {
    fields: JSON.stringify(fields.sort()),
    comments: JSON.stringify(own.map(({ requestId, body }) => [requestId, body])),
    history: JSON.stringify(history),
  };
}
