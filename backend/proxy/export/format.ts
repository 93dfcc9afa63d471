/** What the formats of an export have in common: a text before all tickets, one of each ticket, and one behind them. */
import { fieldNames, fieldOf, type PersonFieldName, ticketFields } from '../../../proto/ticket-fields.ts';
import type { ExportBlock, ExportedTicket } from '../client/types.ts';

export interface Format {
  /** Of the file's name, without the dot. */
  extension: string;
  mediaType: string;
  head: string;
  ofTicket(exported: ExportedTicket): string;
  foot: string;
}

const agentOf = (name: PersonFieldName) => ticketFields[name].agent;

/** The parts of a ticket in the order in which they are exported: each field, and whom it names. */
export const ticketParts = [
  'id',
  ...fieldNames.flatMap((name) =>
    fieldOf(name).kind === 'person' ? [name, agentOf(name as PersonFieldName)] : [name],
  ),
  'createdAt',
  'updatedAt',
  'version',
  'requestId',
] as const;

/** What is exported beside a ticket, unless it is left out. */
export const threadParts = ['comments', 'history'] as const;

/** Beside a ticket as GraphQL has them, and of a change what an import needs besides. */
export function threadOf({ comments, changes }: ExportedTicket) {
  return { comments, history: changes };
}

/** One text after the other, made when it is asked for. @param onBlock told of each block when it has been taken */
export async function* textsOf(
  format: Format,
  blocks: AsyncIterable<ExportBlock>,
  onBlock: (block: ExportBlock) => void,
): AsyncGenerator<string> {
  yield format.head;
  for await (const block of blocks) {
    yield block.tickets.map(format.ofTicket).join('');
    onBlock(block);
  }
  yield format.foot;
}
