/** Tickets as JSON Lines: an object a line, with the names and values that GraphQL has. */
import { type Format, threadOf, threadParts, ticketParts } from './format.ts';

export function jsonLines({ withThreads }: { withThreads: boolean }): Format {
  return {
    extension: 'jsonl',
    mediaType: 'application/jsonl; charset=utf-8',
    head: '',
    ofTicket(exported) {
      const values = exported.ticket as unknown as Readonly<Record<string, unknown>>;
      const parts = ticketParts.map((part) => `"${part}":${JSON.stringify(values[part] ?? null)}`);
      if (withThreads) {
        const thread = threadOf(exported);
        parts.push(...threadParts.map((part) => `"${part}":${JSON.stringify(thread[part])}`));
      }
      return `{${parts.join(',')}}\n`;
    },
    foot: '',
  };
}
