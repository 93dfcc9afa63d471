/**
 * What the proxy asks of a ticket service that has the base contract alone: it does itself what such a service can't,
 * and repeats nothing. Where no such service is left, this file goes, its test, and the choice in session.ts.
 */
import { status } from '@grpc/grpc-js';
import { limits } from '../../../proto/checks.ts';
import { textOf } from '../../../proto/field-kinds.ts';
import {
  extensionFieldNames,
  filedValues,
  sameValue,
  type TicketValues,
} from '../../../proto/ticket-fields.ts';
import { counted } from '../../domain/search.ts';
import { firstStatus, type NewTicket, type TicketChanges } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';
import { pause } from '../../pause.ts';
import type { Call, Channel } from './calls.ts';
import { isServiceError, wasCutOff } from './grpc-errors.ts';
import { countByStatus, inOrder, localPage, readFilter } from './local-page.ts';
import { sendCreate } from './send-creates.ts';
import { type KnownTicket, knownTicket, type Service, type WatchOptions } from './types.ts';
import { wholeContract } from './whole-contract.ts';

const pollEveryMs = 5_000;
/** With which one refuses its list for a fault of its own, and grpc-js a list longer than it takes. */
const listRefusals: ReadonlySet<number> = new Set([
  status.INTERNAL,
  status.UNKNOWN,
  status.RESOURCE_EXHAUSTED,
]);

export function baseContract(channel: Channel): Service {
  const { call } = channel;
  const { update, delete: remove } = wholeContract(channel);
  return {
    // It may have been stopped by the question.
    readsAgain: false,
    delete: remove,
    follow: (options) => poll(call, options),
    list: async (filter) =>
      inOrder(await listAll(call, filter), { order: 'CREATED_DESC' }).slice(0, limits.maxListLength),
    async page({ filter, ...page }) {
      const { fits, terms, problems } = readFilter(filter);
      return { ...localPage(await listAll(call, filter, fits), { ...page, terms }), problems };
    },
    countMatches: (filters) =>
      Promise.all(filters.map(async (filter) => counted((await listAll(call, filter)).length))),
    counts: async (text) => countByStatus(await listAll(call, { text })),
    createResults: async () => 'unknown',

    async createTicket(create, { signal, inDoubt }) {
      if (inDoubt) throw mayBeStored();
      refuseWhatIsDropped(create);
      return sendCreate(call, { create, signal }).catch((thrown: unknown) => {
        throw wasCutOff(thrown) ? mayBeStored(thrown) : thrown;
      });
    },

    async update(id, changes, { expectedVersion }) {
      refuseWhatIsIgnored(changes, expectedVersion);
      const result = await update(id, changes, {});
      if (result.state !== 'updated') return result;
      // It does not answer with the ticket. Its change is done, whether it can be read now or not.
      const [ticket = null] = await listAll(call, { ids: [id] }).catch(() => []);
      return { ...result, ticket };
    },

    restore: cannot,
    ticketIds: cannot,
    exportTickets: cannotStream,
    importTickets: cannot,
    changeMany: cannot,
    undoChange: cannot,
    comments: async () => ({ nodes: [], hasNextPage: false }),
    history: async () => ({ nodes: [], hasNextPage: false }),
    agents: async (me) => (me ? [{ ...me, lastSeenAt: null }] : []),
    views: async () => [],
    saveView: keepsNoViews,
    moveView: keepsNoViews,
    deleteView: keepsNoViews,
    addComment: keepsNoComments,
    reportPresence: async () => {},
    editComment: keepsNoComments,
    deleteComment: keepsNoComments,
  };
}

/**
 * All tickets that fit. The service is asked by one filter at most, as together they are known to stop some, and would
 * ignore those that it does not know: the rest is done here.
 */
async function listAll(
  call: Call,
  filter: TicketFilter,
  fits = readFilter(filter).fits,
): Promise<KnownTicket[]> {
  const id = only(filter.ids) ?? 0;
  const asked = id === 0 ? only(filter.statuses) : undefined;
  // Where the first status is stored empty it would not be found.
  const { tickets } = await call('GetTicketList', { id, status: asked === firstStatus ? '' : (asked ?? '') });
  return tickets.map(knownTicket).filter(fits);
}

function only<Value>(values: readonly Value[] = []): Value | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** It knows no request ids: the same create sent again would be a second ticket. */
function mayBeStored(cause?: unknown): DeskError {
  return new DeskError(
    'CONFLICT',
    'The connection broke before the ticket service answered, and it is of an older version, which stores a ticket again when it is sent again. Look whether it is in the list: if so discard it here, if not retry.',
    { cause },
  );
}

/** What is at its default says nothing that could be lost. */
function refuseWhatIsDropped(create: NewTicket): void {
  const filed: Partial<TicketValues> = filedValues(create);
  const atFirst: Partial<TicketValues> = filedValues({});
  const field = extensionFieldNames.find((name) => !sameValue(filed[name], atFirst[name]));
  if (!field) return;
  const first = textOf(atFirst[field]);
  const remedy = first === '' ? `Leave ${field} out` : `Set it to "${first}"`;
  throw new DeskError(
    'BAD_USER_INPUT',
    `This ticket service is of an older version and keeps no ${field}. ${remedy} and file again.`,
    { field },
  );
}

function refuseWhatIsIgnored(changes: TicketChanges, expectedVersion: number | undefined): void {
  const ignored = Object.entries({ ...changes, status: undefined, expectedVersion }).find(
    ([, value]) => value !== undefined,
  );
  if (!ignored) return;
  throw new DeskError(
    'BAD_USER_INPUT',
    `This ticket service is of an older version and can change the status alone; leave out ${ignored[0]}.`,
    { field: ignored[0] },
  );
}

async function cannot(): Promise<never> {
  throw new DeskError('UNAVAILABLE', 'The ticket service is of an older version and can not do this.');
}

// biome-ignore lint/correctness/useYield: it ends before it has anything to give.
async function* cannotStream(): AsyncGenerator<never> {
  await cannot();
}

/** Nothing that waiting would mend, so what was written comes back to its author. */
async function keepsNoComments(): Promise<never> {
  const words = 'This ticket service is of an older version and keeps no comments.';
  throw new DeskError('BAD_USER_INPUT', words, { field: 'body' });
}

async function keepsNoViews(): Promise<never> {
  throw new DeskError('BAD_USER_INPUT', 'This ticket service is of an older version and keeps no views.');
}

/** Reads the list every 5 s and says RESET when it has changed. */
async function poll(call: Call, { signal, onStart, onEvent }: WatchOptions): Promise<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    const list = await call('GetTicketList', {}, { signal }).catch((thrown: unknown) => {
      if (signal.aborted) return undefined;
      // A service that refuses the list is there all the same.
      if (isServiceError(thrown) && listRefusals.has(thrown.code)) return { tickets: [] };
      throw thrown;
    });
    if (!list) return;
    const now = JSON.stringify(list.tickets);
    if (seen === undefined) onStart();
    else if (seen !== now) onEvent({ kind: 'RESET', id: null, ticket: null });
    seen = now;
    await pause(pollEveryMs, signal);
  }
}
