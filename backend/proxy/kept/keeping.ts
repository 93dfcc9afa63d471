/** Keeps in the background what a ticket client answers, and answers from that where the client can't. */
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { TicketClient } from '../client/types.ts';
import type { Kept } from './kept.ts';
import { type KeptTickets, keptTickets } from './kept-tickets.ts';

interface Reading<Answer> {
  ask(): Promise<Answer>;
  /** Keeps what was answered. */
  take?(tickets: KeptTickets, answer: Answer): void;
  find(tickets: KeptTickets): Answer | undefined;
}

export type Keeping = ReturnType<typeof createKeeping>;

export function createKeeping(client: Pick<TicketClient, 'link'>, opening: Promise<Kept>, logger: Logger) {
  const tickets = opening.then(keptTickets);
  const isLinked = () => client.link().state === 'CONNECTED';

  /** In the order of being asked for. */
  function later(work: (tickets: KeptTickets) => void): void {
    tickets.then(work).catch((err) => logger.error({ err }, 'a ticket could not be kept'));
  }

  function keep(change: (tickets: KeptTickets) => void): void {
    later((known) => {
      change(known);
      if (isLinked()) known.hearing.noteNowAndThen();
    });
  }

  return {
    isLinked,
    later,
    keep,

    /** The service's answer, which is kept, or where it can't be had the kept one. */
    async answer<Answer>({ ask, take, find }: Reading<Answer>): Promise<Answer> {
      if (!isLinked()) {
        const kept = find(await tickets);
        if (kept !== undefined) return kept;
      }
      try {
        const answered = await ask();
        if (take) keep((known) => take(known, answered));
        return answered;
      } catch (thrown) {
        const isAway = thrown instanceof DeskError && thrown.code === 'UNAVAILABLE' && !isLinked();
        const kept = isAway ? find(await tickets) : undefined;
        if (kept === undefined) throw thrown;
        return kept;
      }
    },

    /** Resolves when all that was asked for so far is kept. */
    async done(): Promise<void> {
      await tickets;
    },
  };
}
