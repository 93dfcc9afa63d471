/** Tickets as JSON Lines: an object a line, with the names and values that GraphQL has. */
import { type Format, ticketParts } from './format.ts';

export function jsonLines({ withThreads }: { withThreads: boolean }): Format {
  return {
    extension: 'jsonl',
    mediaType: 'application/jsonl; charset=utf-8',
    head: '',
    ofTicket({ ticket, comments, changes }) {
      const values = ticket as unknown as Readonly<Record<string, unknown>>;
      const parts = ticketParts.map((part) => [part, values[part]]);
      const history = changes.map(({ version: _, ...change }) => change);
      const threads = withThreads ? { comments, history } : {};
      return `${JSON.stringify({ ...Object.fromEntries(parts), ...threads })}\n`;
    },
    foot: '',
  };
}
