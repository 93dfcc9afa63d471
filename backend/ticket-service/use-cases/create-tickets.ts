import { uuidv7 } from 'uuidv7';
import { type NewTicketValues, newTicketValues } from '../../../proto/ticket-fields.ts';
import type { Agent } from '../../domain/agent.ts';
import { newTicketProblem, refuse } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import type { CreateOutcome, CreateToStore, TicketStore } from '../store/ticket-store.ts';
import { checkCreatedAt, checkRequestId, checkRevision } from './input.ts';
import { cacheCreated, generationNow } from './ticket-cache.ts';
import type { TrustedCache } from './trusted-cache.ts';

/** What the tickets are read from and written to. */
export interface TicketStorage {
  store: TicketStore;
  cache: TrustedCache;
}

export type CreateInput = NewTicketValues & {
  /** A UUID; made here when left out. */
  requestId?: string | undefined;
  /** When it was filed; now when left out. */
  createdAt?: string | undefined;
  /** How often its author changed or retried it after it had failed; 0 when left out. */
  revision?: number | undefined;
  /** Who filed it; nobody told when left out. */
  agent?: Agent | undefined;
  /** It comes for the first time, from a caller who can't send the same one again. */
  unseen?: boolean;
};

/** The one ticket that a requestId makes, now or earlier; or why there can be none of this text. */
export type CreateAnswer = { id: number } | Refused;
export type Refused = { refused: DeskError };

/**
 * Files any number at once, in one transaction as far as the database can hold each; the answers are in their order.
 * What was refused before it came here stays so.
 * @throws DeskError for which mayPass() is true: not known to be done, of all of them; safe to ask again.
 */
export async function createTickets(
  { store, cache }: TicketStorage,
  inputs: readonly (CreateInput | Refused)[],
): Promise<CreateAnswer[]> {
  const checked = inputs.map(check);
  const creates = checked.flatMap((one) => ('refused' in one ? [] : [one]));
  const before = await generationNow(cache);
  const outcomes = await storeEach(store, creates);
  const created = outcomes.flatMap((outcome) => (outcome.state === 'created' ? [outcome.ticket] : []));
  await cacheCreated(cache, created, before);
  const answers = outcomes.map(toAnswer);
  return checked.flatMap((one) => ('refused' in one ? [one] : answers.splice(0, 1)));
}

function check(input: CreateInput | Refused): CreateToStore | Refused {
  if ('refused' in input) return input;
  const { revision = 0, unseen = false, agent } = input;
  const { requestId = uuidv7(), createdAt = new Date().toISOString() } = input;
  try {
    refuse(newTicketProblem(input));
    checkRequestId(requestId);
    checkCreatedAt(createdAt);
    checkRevision(revision);
  } catch (thrown) {
    if (thrown instanceof DeskError) return { refused: thrown };
    throw thrown;
  }
  return { ...newTicketValues(input), requestId, createdAt, revision, unseen, agent };
}

type Outcome = CreateOutcome | { state: 'unstorable'; error: DeskError };

/** Whether one create of a batch is at fault, so that the others may be stored. */
function isOfOne({ code }: DeskError): boolean {
  return code === 'BAD_USER_INPUT' || code === 'NOT_FOUND';
}

/** Halves a batch that the database can't hold until the one at fault stands alone. */
async function storeEach(store: TicketStore, creates: readonly CreateToStore[]): Promise<Outcome[]> {
  if (creates.length === 0) return [];
  try {
    return await store.create(creates);
  } catch (thrown) {
    if (!(thrown instanceof DeskError) || !isOfOne(thrown)) throw thrown;
    if (creates.length === 1) return [{ state: 'unstorable', error: thrown }];
    const half = creates.length >> 1;
    const first = await storeEach(store, creates.slice(0, half));
    return [...first, ...(await storeEach(store, creates.slice(half)))];
  }
}

function toAnswer(outcome: Outcome): CreateAnswer {
  switch (outcome.state) {
    case 'created':
      return { id: outcome.ticket.id };
    case 'known':
      return { id: outcome.id };
    case 'conflict':
      return { refused: taken(outcome.id) };
    case 'unstorable':
      return { refused: outcome.error };
    case 'rejected': {
      const { reason, field } = outcome;
      return { refused: new DeskError('BAD_USER_INPUT', reason, field === undefined ? {} : { field }) };
    }
  }
}

function taken(id: number): DeskError {
  return new DeskError(
    'CONFLICT',
    `Another text was filed under this requestId before, and is ticket #${id}. This one was not filed: file it under a new requestId.`,
    { field: 'requestId' },
  );
}
