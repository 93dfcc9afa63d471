/**
 * Counts what a document really reads and answers, where that could be more than the longest list: most texts are
 * short. Its reads come one after the other, so that none begins once there is too much.
 */
import type { Meter, ProxyContext } from '../context.ts';
import type { TicketClient } from '../ticket-client.ts';
import { HttpRefusal } from './request-body.ts';
import { listWeight } from './weight-of.ts';

/** Of text, in UTF-16 units: a character has one or two. */
const maxUnits = 2 * listWeight;

/** @returns the same context, with what it reads and answers metered */
export function metered(context: ProxyContext): ProxyContext & { meter: Meter } {
  let units = 0;
  let last: Promise<unknown> = Promise.resolve();

  function check(): void {
    if (units > maxUnits) throw new HttpRefusal(400, 'BAD_USER_INPUT', tooMuch);
  }

  function inTurn<Args extends unknown[], Answer>(read: (...args: Args) => Promise<Answer>) {
    return (...args: Args): Promise<Answer> => {
      const answer = last.then(async () => {
        check();
        const found = await read(...args);
        units += unitsOf(found);
        return found;
      });
      last = answer.catch(() => undefined);
      return answer;
    };
  }

  const { client } = context;
  return {
    ...context,
    // All else is the client's.
    client: Object.assign(Object.create(client) as TicketClient, {
      list: inTurn(client.list),
      ticket: inTurn(client.ticket),
      page: inTurn(client.page),
      comments: inTurn(client.comments),
      history: inTurn(client.history),
    }),
    meter: {
      answered(value) {
        units += unitsOf(value);
        return units > maxUnits && typeof value === 'string' ? '' : value;
      },
      check,
    },
  };
}

const tooMuch =
  'What was asked for has more text than is answered at once. Ask for less: a smaller first or last, fewer lists, or fewer aliases.';

/** Of all texts in it. */
function unitsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, one) => sum + unitsOf(one), 0);
}
