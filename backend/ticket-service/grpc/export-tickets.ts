/** The RPC that sends all that a filter lets through, as fast as its caller takes it. */
import { once } from 'node:events';
import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import { limits } from '../../../proto/checks.ts';
import type { ExportTicketsRequest__Output } from '../../../proto/generated/ExportTicketsRequest.ts';
import type { ExportTicketsResponse } from '../../../proto/generated/ExportTicketsResponse.ts';
import { refuse } from '../../domain/ticket.ts';
import { inBoth, listProblem } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { ExportBlock } from '../store/ticket-store.ts';
import type { TicketStorage } from '../use-cases/create-tickets.ts';
import { checkId } from '../use-cases/input.ts';
import { readWhole } from '../use-cases/selection.ts';
import type { Caller, Callers } from './callers.ts';
import { changeMessage, commentMessage } from './comment-rpcs.ts';
import { toWireError } from './error-status.ts';
import { checkedFilter } from './read-rpcs.ts';
import { givenList, toMessage } from './rpc.ts';

/** Each has a connection to the database of its own. */
const maxAtOnce = 4;
/** A caller that takes nothing for so long is let go: while its transaction is open, Postgres can't clear up. */
const patienceMs = 60_000;

type ExportCall = ServerWritableStream<ExportTicketsRequest__Output, ExportTicketsResponse>;

export function exportTickets(options: {
  storage: TicketStorage;
  callers: Callers;
  logger: Logger;
}): handleServerStreamingCall<ExportTicketsRequest__Output, ExportTicketsResponse> {
  const { storage, callers, logger } = options;
  let running = 0;
  return async (call) => {
    const cancelled = new AbortController();
    call.once('cancelled', () => cancelled.abort());
    running += 1;
    try {
      if (running > maxAtOnce) throw tooMany();
      const { request } = call;
      const caller = callers.of(call, 'ExportTickets', request);
      const blocks = await blocksOf(storage, request, { caller, signal: cancelled.signal });
      for await (const block of blocks) {
        if (!call.write(toResponse(block))) await drained(call, cancelled.signal);
      }
      call.end();
    } catch (thrown) {
      if (!cancelled.signal.aborted) call.emit('error', toWireError(thrown, 'ExportTickets', logger));
    } finally {
      running -= 1;
    }
  };
}

async function blocksOf(
  { store }: TicketStorage,
  { filter, ids, except, withoutThreads }: ExportTicketsRequest__Output,
  { caller, signal }: { caller: Caller; signal: AbortSignal },
): Promise<AsyncIterable<ExportBlock>> {
  for (const [field, given] of Object.entries({ ids, except })) {
    refuse(listProblem(field, given, limits.maxBulk));
    for (const id of given) checkId(id, field);
  }
  const selection = await readWhole(store, filter ? checkedFilter(filter) : {}, caller.agent);
  const both = { ...selection, ids: inBoth(selection.ids, givenList(ids)) };
  return store.export({ filter: both, except, withThreads: !withoutThreads }, signal);
}

/** @throws the signal's reason. DeskError DEADLINE_EXCEEDED: the caller takes nothing. */
async function drained(call: ExportCall, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs);
  await once(call, 'drain', { signal: AbortSignal.any([signal, patience]) }).catch((thrown: unknown) => {
    if (!patience.aborted) throw thrown;
    throw new DeskError('DEADLINE_EXCEEDED', 'Nobody took what was exported for a minute. Try again.');
  });
}

function tooMany(): DeskError {
  const words = `${maxAtOnce} exports are under way at this ticket service. Try again when one of them has ended.`;
  return new DeskError('UNAVAILABLE', words);
}

function toResponse({ count, tickets }: ExportBlock): ExportTicketsResponse {
  return {
    count,
    tickets: tickets.map(({ ticket, comments, changes }) => ({
      ticket: toMessage(ticket),
      comments: comments.map(commentMessage),
      changes: changes.map(changeMessage),
    })),
  };
}
