/** Each RPC once, with what an older service does instead. They throw grpc-js's ServiceError or a DeskError. */
import type { CountTicketsResponse__Output } from '../../../proto/generated/CountTicketsResponse.ts';
import type { CreateTicketResponse__Output } from '../../../proto/generated/CreateTicketResponse.ts';
import type { DeleteTicketResponse__Output } from '../../../proto/generated/DeleteTicketResponse.ts';
import type { GetCreateResultsResponse__Output } from '../../../proto/generated/GetCreateResultsResponse.ts';
import type { GetTicketListRequest } from '../../../proto/generated/GetTicketListRequest.ts';
import type { GetTicketListResponse__Output } from '../../../proto/generated/GetTicketListResponse.ts';
import type { ListTicketsRequest } from '../../../proto/generated/ListTicketsRequest.ts';
import type { ListTicketsResponse__Output } from '../../../proto/generated/ListTicketsResponse.ts';
import type { RestoreTicketResponse__Output } from '../../../proto/generated/RestoreTicketResponse.ts';
import type { UpdateTicketResponse__Output } from '../../../proto/generated/UpdateTicketResponse.ts';
import { type ChoiceFilters, mapFilters, newTicketValues } from '../../../proto/ticket-fields.ts';
import { firstStatus, type NewTicket, rules, type TicketChanges } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';
import { deadlinesMs, unary } from './calls.ts';
import { fromGrpc, isServiceError, wasCutOff } from './grpc-errors.ts';
import { createResult, knownTicket } from './mapping.ts';
import { countByStatus, filterTickets, foreignCursor, newestFirst, pageOf } from './older-service.ts';
import type { Session } from './session.ts';
import type {
  CreateResult,
  KnownTicket,
  PageRequest,
  TakenDetails,
  TicketPage,
  UpdateResult,
} from './types.ts';
import type { Ability } from './versions.ts';

const reading = { deadlineMs: deadlinesMs.read };
const writing = { deadlineMs: deadlinesMs.write };

/** At most rules.maxListLength tickets, newest first. */
export async function listTickets(session: Session, filter: TicketFilter): Promise<KnownTicket[]> {
  const { ids = [], text = '', ...choices } = filter;
  if (session.version === null) {
    return newestFirst(await listOfOlder(session, filter)).slice(0, rules.maxListLength);
  }
  // The list takes one id alone; as many as a filter may have fit on a page.
  if (ids.length > 1) {
    const page = { filter, pageSize: rules.maxPageSize, after: undefined, order: 'CREATED_DESC' as const };
    return (await pageTickets(session, page)).tickets;
  }
  return getTicketList(session, { ...lists(choices), id: ids[0] ?? 0, status: '', text });
}

/**
 * All that fits of a service of the base contract. It is asked by one filter at most, as together they are known to
 * stop some, and would ignore those that it does not know: the rest is done here.
 */
async function listOfOlder(session: Session, filter: TicketFilter): Promise<KnownTicket[]> {
  const id = only(filter.ids) ?? 0;
  const asked = id === 0 ? only(filter.statuses) : undefined;
  // Where it is stored empty it would not be found.
  const status = asked === undefined || asked === firstStatus ? '' : asked;
  return filterTickets(await getTicketList(session, { ...lists({}), id, status, text: '' }), filter);
}

/** On the wire an empty list is any. */
function lists(choices: ChoiceFilters): Record<keyof ChoiceFilters, string[]> {
  return mapFilters((filter) => [...(choices[filter] ?? [])]);
}

function only<Value>(values: readonly Value[] = []): Value | undefined {
  return values.length === 1 ? values[0] : undefined;
}

async function getTicketList(
  { stub, metadata }: Session,
  request: Required<GetTicketListRequest>,
): Promise<KnownTicket[]> {
  const answer = await unary<GetTicketListResponse__Output>(
    (options, done) => stub.getTicketList(request, metadata, options, done),
    reading,
  );
  return answer.tickets.map(knownTicket);
}

/** Asks in the extended way where the service has told that it can, otherwise in the base contract's. */
function orElse<Answer>(
  { abilities }: Session,
  ability: Ability,
  ask: { extended: () => Promise<Answer>; base: () => Promise<Answer> },
): Promise<Answer> {
  return abilities.has(ability) ? ask.extended() : ask.base();
}

export function pageTickets(session: Session, request: PageRequest): Promise<TicketPage> {
  const { stub, metadata } = session;
  const { filter, pageSize, after = '', order } = request;
  const { ids = [], text = '', ...choices } = filter;
  const message: Required<ListTicketsRequest> = {
    ...lists(choices),
    ids: [...ids],
    text,
    pageSize,
    pageToken: after,
    order,
  };
  const ability = ids.length > 0 ? 'ListTickets.ids' : 'ListTickets';
  const page = orElse(session, ability, {
    extended: async () => {
      const answer = await unary<ListTicketsResponse__Output>(
        (options, done) => stub.listTickets(message, metadata, options, done),
        reading,
      );
      return {
        tickets: answer.tickets.map(knownTicket),
        cursors: answer.cursors,
        hasNextPage: answer.hasNextPage,
      };
    },
    base: async () => pageOf(await listAll(session, filter), request),
  });
  return page.catch(nameCursorAsGraphqlDoes);
}

/** Without pages: of a service that has them, but does not know ids in them, each id is asked for by itself. */
async function listAll(session: Session, filter: TicketFilter): Promise<KnownTicket[]> {
  const { version, abilities } = session;
  if (version === null || !abilities.has('ListTickets')) return listOfOlder(session, filter);
  const asked = (filter.ids ?? []).map((id) => listTickets(session, { ...filter, ids: [id] }));
  return (await Promise.all(asked)).flat();
}

/** The service names the field by its own contract, where `after` is the page token. */
function nameCursorAsGraphqlDoes(thrown: unknown): never {
  const isCursor = isServiceError(thrown) && thrown.metadata.get('error-field')[0] === 'pageToken';
  throw isCursor ? foreignCursor(thrown) : thrown;
}

export function countTickets(session: Session, text: string | undefined): Promise<Map<string, number>> {
  const { stub, metadata } = session;
  return orElse(session, 'CountTickets', {
    extended: async () => {
      const answer = await unary<CountTicketsResponse__Output>(
        (options, done) => stub.countTickets({ text: text ?? '' }, metadata, options, done),
        reading,
      );
      return new Map(answer.counts.map(({ status, count }) => [status, count]));
    },
    base: async () => countByStatus(await listOfOlder(session, { text })),
  });
}

export async function createTicket(
  session: Session,
  create: NewTicket,
  { signal, inDoubt = false }: { signal: AbortSignal; inDoubt?: boolean },
): Promise<{ id: number }> {
  const { stub, metadata, version } = session;
  const isOlder = version === null;
  if (isOlder && inDoubt) throw mayBeStored();
  const { requestId, createdAt, revision = 0 } = create;
  const request = { ...newTicketValues(create), requestId, createdAt, revision };
  const answer = await unary<CreateTicketResponse__Output>(
    (options, done) => stub.createTicket(request, metadata, options, done),
    { ...writing, signal },
  ).catch((thrown: unknown) => {
    if (isOlder && wasCutOff(thrown)) throw mayBeStored(thrown);
    return sayWhoHas(session, create, thrown);
  });
  if (answer.success && answer.id > 0) return { id: answer.id };
  throw new DeskError('UNAVAILABLE', 'The ticket service did not take this create and gave no reason.');
}

/** Of a refusal because another text has the requestId, which ticket that is. */
async function sayWhoHas(session: Session, { requestId }: NewTicket, thrown: unknown): Promise<never> {
  const refused = fromGrpc(thrown, 'write');
  if (refused.code !== 'CONFLICT') throw thrown;
  const results = await createResults(session, [requestId]);
  const result = results === 'unknown' ? undefined : results.get(requestId);
  if (result?.state !== 'STORED') throw thrown;
  const details: TakenDetails = { ticketId: result.id, digest: result.digest };
  throw new DeskError('CONFLICT', refused.message, { field: 'requestId', details: { ...details } });
}

/** An older service knows no request ids: the same create sent again would be a second ticket. */
function mayBeStored(cause?: unknown): DeskError {
  return new DeskError(
    'CONFLICT',
    'The connection broke before the ticket service answered, and it is of an older version, which stores a ticket again when it is sent again. Look whether it is in the list: if so discard it here, if not retry.',
    { cause },
  );
}

function refuseWhatOlderIgnores(changes: TicketChanges, expectedVersion: number | undefined): void {
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

export async function updateTicket(
  { stub, metadata, version }: Session,
  id: number,
  changes: TicketChanges,
  expectedVersion: number | undefined,
): Promise<UpdateResult> {
  if (version === null) refuseWhatOlderIgnores(changes, expectedVersion);
  const request = { id, ...changes, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
  const answer = await unary<UpdateTicketResponse__Output>(
    (options, done) => stub.updateTicket(request, metadata, options, done),
    writing,
  );
  const ticket = answer.ticket ? knownTicket(answer.ticket) : null;
  if (answer.conflict && ticket) return { state: 'conflict', current: ticket };
  return answer.success ? { state: 'updated', ticket } : { state: 'missing' };
}

export async function deleteTicket({ stub, metadata }: Session, id: number): Promise<boolean> {
  const answer = await unary<DeleteTicketResponse__Output>(
    (options, done) => stub.deleteTicket({ id }, metadata, options, done),
    writing,
  );
  return answer.success;
}

export async function restoreTicket({ stub, metadata }: Session, id: number): Promise<KnownTicket | null> {
  const answer = await unary<RestoreTicketResponse__Output>(
    (options, done) => stub.restoreTicket({ id }, metadata, options, done),
    writing,
  );
  return answer.success && answer.ticket ? knownTicket(answer.ticket) : null;
}

export function createResults(
  session: Session,
  requestIds: readonly string[],
): Promise<ReadonlyMap<string, CreateResult> | 'unknown'> {
  const { stub, metadata } = session;
  return orElse<ReadonlyMap<string, CreateResult> | 'unknown'>(session, 'GetCreateResults', {
    extended: async () => {
      const answer = await unary<GetCreateResultsResponse__Output>(
        (options, done) => stub.getCreateResults({ requestIds: [...requestIds] }, metadata, options, done),
        reading,
      );
      return new Map(answer.results.map((result) => [result.requestId, createResult(result)]));
    },
    base: async () => 'unknown',
  });
}
