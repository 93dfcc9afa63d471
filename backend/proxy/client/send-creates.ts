/**
 * How creates go to the ticket service: those that come while a call is under way go together in the next, as a call of its
 * own costs both sides as much as all else of a create. To a service of the base contract each goes alone.
 */
import { newTicketValues } from '../../../proto/ticket-fields.ts';
import type { Agent } from '../../domain/agent.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import { withoutNulls } from '../../domain/wire-values.ts';
import { DeskError } from '../../errors.ts';
import { inBatches } from '../../in-batches.ts';
import type { Call } from './calls.ts';
import { knownCode } from './types.ts';

/** How many go by one call: of the longest texts 3 MB, of the 4 MB that a service takes. */
export const maxTogether = 64;

interface Sending {
  create: NewTicket;
  /** Aborted when nobody waits for this one any more. */
  signal: AbortSignal;
}

/**
 * Of a service that may refuse it without a reason, which holds up nothing else, and may store it twice when it is sent
 * twice.
 */
export async function sendCreate(call: Call, { create, signal }: Sending): Promise<{ id: number }> {
  const { success, id } = await call('CreateTicket', requestOf(create), { signal, agent: create.agent });
  if (!success) throw notTaken('INTERNAL');
  if (id > 0) return { id };
  throw new DeskError(
    'CONFLICT',
    'The ticket service is of an older version: it says that it has stored this ticket, and not under which number. Look whether it is in the list: if so discard it here, if not retry.',
  );
}

/** @returns sends a create. It rejects with a DeskError where this one is refused, and with what has failed the call. */
export function sendCreatesTogether(call: Call): (sending: Sending) => Promise<{ id: number }> {
  const send = inBatches((batch: Sending[]) => sendAll(call, batch), { maxSize: maxTogether });
  return async (sending) => {
    const answer = await untilAborted(send(sending), sending.signal);
    if (answer instanceof DeskError) throw answer;
    return answer;
  };
}

type Answer = { id: number } | DeskError;

/** Who acts is told once a call. */
async function sendAll(call: Call, batch: readonly Sending[]): Promise<Answer[]> {
  // What was taken back while it waited for this call must not go out by it.
  const wanted = batch.filter(({ signal }) => !signal.aborted);
  const agents = new Map(wanted.map(({ create: { agent } }) => [agent?.id, agent]));
  const answers = new Map<Sending, Answer | undefined>();
  const calls = [...agents].map(async ([id, agent]) => {
    const ofAgent = wanted.filter(({ create }) => create.agent?.id === id);
    const found = await sendOfAgent(call, ofAgent, agent);
    for (const [at, sending] of ofAgent.entries()) answers.set(sending, found[at]);
  });
  await Promise.all(calls);
  return batch.map((sending) => answers.get(sending) ?? notTaken('UNAVAILABLE'));
}

async function sendOfAgent(
  call: Call,
  batch: readonly Sending[],
  agent: Agent | undefined,
): Promise<Answer[]> {
  const tickets = batch.map(({ create }) => requestOf(create));
  const signal = onceAllAborted(batch.map((sending) => sending.signal));
  const { outcomes } = await call('CreateTickets', { tickets }, { signal, agent });
  return outcomes.map(({ id, failure }) => {
    if (!failure) return { id };
    const { code, message, field } = failure;
    return new DeskError(knownCode(code), message, field === '' ? {} : { field });
  });
}

function requestOf(create: NewTicket) {
  const { requestId, createdAt, revision = 0 } = create;
  return { ...withoutNulls(newTicketValues(create)), requestId, createdAt, revision };
}

function notTaken(code: 'INTERNAL' | 'UNAVAILABLE'): DeskError {
  return new DeskError(code, 'The ticket service did not take this create and gave no reason.');
}

function untilAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    answer.then(resolve, reject);
  });
}

function onceAllAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let waiting = signals.length;
  for (const signal of signals) {
    const end = () => {
      waiting -= 1;
      if (waiting === 0) all.abort();
    };
    signal.addEventListener('abort', end, { once: true });
  }
  return all.signal;
}
