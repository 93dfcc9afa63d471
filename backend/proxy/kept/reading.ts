/** Reads ahead in the background, so that more is kept than what was on the screen. */
import type { PageRequest, TicketClient, TicketPage } from '../client/types.ts';
import type { BelowQuestion } from './kept-below.ts';

/** So many tickets of each list that is opened are kept, read or not. */
const ticketsOfList = 500;
const aheadPageSize = 200;

/** Reads on in lists that were opened, each once a session: later changes are heard of. */
export function createReadAhead(client: Pick<TicketClient, 'page'>) {
  const done = new Set<string>();

  return {
    reset: () => done.clear(),

    /** The list from its first page on, as far as it is kept, or as far as it could be read. Never rejects. */
    async goOn(
      request: PageRequest,
      first: TicketPage,
    ): Promise<{ tickets: TicketPage['tickets']; isWhole: boolean }> {
      const question = JSON.stringify([request.filter, request.order]);
      const isNew = !done.has(question);
      done.add(question);
      const tickets = [...first.tickets];
      let page = first;
      while (isNew && page.hasNextPage && tickets.length < ticketsOfList) {
        const pageSize = Math.min(aheadPageSize, ticketsOfList - tickets.length);
        const next = await client
          .page({ ...request, pageSize, after: page.cursors.at(-1) })
          .catch(() => null);
        if (!next) break;
        tickets.push(...next.tickets);
        page = next;
      }
      return { tickets, isWhole: !page.hasNextPage };
    },
  };
}

/** Asks again, one after another, what was kept below a ticket that has changed. */
export function createReadAgain(ask: (question: BelowQuestion) => Promise<unknown>) {
  const waiting = new Map<string, BelowQuestion>();
  let asking: Promise<void> | undefined;

  async function askAll(): Promise<void> {
    for (const [name, question] of waiting) {
      waiting.delete(name);
      // It stays as it was seen.
      await ask(question).catch(() => undefined);
    }
    asking = undefined;
  }

  return {
    soon(questions: readonly BelowQuestion[]): void {
      for (const question of questions) waiting.set(JSON.stringify(question), question);
      if (waiting.size > 0) asking ??= askAll();
    },

    /** Resolves when nothing is left to be asked. */
    done: async () => asking,
  };
}
