/** The RPCs that read: each checks what comes in, then answers from the cache or the store. */
import { limits } from '../../../proto/checks.ts';
import type { CreateResult as CreateResultMessage } from '../../../proto/generated/CreateResult.ts';
import { TicketOrder } from '../../../proto/generated/TicketOrder.ts';
import { fitsFilters } from '../../../proto/matching.ts';
import { fieldFilters } from '../../../proto/ticket-fields.ts';
import { fieldProblem, type Ticket } from '../../domain/ticket.ts';
import { type Complete, fitsNothing, inBoth, type TicketFilter } from '../../domain/ticket-filter.ts';
import type { CreateResult } from '../store/ticket-store.ts';
import type { TicketStorage } from '../use-cases/create-tickets.ts';
import { checkFilter, checkId, checkPageSize, checkRequestId, refuse } from '../use-cases/input.ts';
import { throughListCache, throughTicketCache } from '../use-cases/ticket-cache.ts';
import { fittingUnasked } from './callers.ts';
import { given, givenList, type Rpc, toMessage } from './rpc.ts';

const maxRequestIds = 500;

/** Whether the database answers. Never throws. */
export const healthCheck: Rpc<'HealthCheck'> = ({ store }) =>
  store.ping().then(
    () => ({ success: true }),
    () => ({ success: false }),
  );

/** At most limits.maxListLength tickets, newest first. */
export const getTicketList: Rpc<'GetTicketList'> = async (
  storage,
  { id, status, text, ...asked },
  caller,
) => {
  if (id !== 0) checkId(id);
  if (status !== '') refuse(fieldProblem('status', status));
  const filter: Complete<TicketFilter> = {
    ...fieldFilters(asked),
    ids: id === 0 ? undefined : [id],
    statuses: inBoth(status === '' ? undefined : [status], givenList(asked.statuses)),
    text: given(text),
  };
  checkFilter(filter);

  const tickets = fitsNothing(filter) ? [] : (await find(storage, filter)).map(toMessage);
  return { tickets: caller.hasShakenHands ? tickets : fittingUnasked(tickets) };
};

/** One that is asked for by its number is cached under it, a list under all that was asked. */
async function find({ store, cache }: TicketStorage, filter: TicketFilter): Promise<Ticket[]> {
  const { ids: [id, ...others] = [], text, ...asked } = filter;
  if (id !== undefined && others.length === 0 && text === undefined) {
    const ticket = await throughTicketCache(cache, id, () => store.find(id));
    return ticket && fitsFilters(ticket, asked) ? [ticket] : [];
  }
  return throughListCache(cache, `list:${JSON.stringify(filter)}`, () => store.list(filter));
}

/** One page, in the order asked for, after the cursor asked for. */
export const listTickets: Rpc<'ListTickets'> = async (
  { store, cache },
  { ids, text, pageSize, pageToken, order, backwards, ...asked },
) => {
  // A number that the contract has no name for arrives as that number.
  if (!(order in TicketOrder)) {
    refuse({ field: 'order', message: `order must be one of ${Object.keys(TicketOrder).join(', ')}.` });
  }
  const filter: Complete<TicketFilter> = {
    ids: givenList(ids),
    ...fieldFilters(asked),
    text: given(text),
  };
  checkFilter(filter);
  const size = pageSize === 0 ? limits.defaultPageSize : pageSize;
  checkPageSize(size);
  if (fitsNothing(filter)) return { tickets: [] };

  const request = { filter, pageSize: size, after: given(pageToken), order, backwards };
  // The whole request names the answer: a part left out would give one request the answer to another.
  const name = `page:${JSON.stringify(request)}`;
  const page = await throughListCache(cache, name, () => store.page(request));
  return { ...page, tickets: page.tickets.map(toMessage) };
};

/** How many tickets each status has; one without any is missing. */
export const countTickets: Rpc<'CountTickets'> = async ({ store, cache }, request) => {
  const text = given(request.text);
  checkFilter(text === undefined ? {} : { text });

  const counts = await throughListCache(cache, `count:${JSON.stringify([text])}`, async () => [
    ...(await store.count(text)),
  ]);
  return { counts: counts.map(([status, count]) => ({ status, count })) };
};

/** Whoever asks is seen by it, so that others can give them tickets. */
export const listAgents: Rpc<'ListAgents'> = async ({ store }, _request, { agent }) => ({
  agents: await store.agents(agent),
});

/** What became of these creates, under the ids as they were asked for; those never seen are left out. */
export const getCreateResults: Rpc<'GetCreateResults'> = async ({ store }, { requestIds }) => {
  if (requestIds.length > maxRequestIds) {
    refuse({ field: 'requestIds', message: `requestIds holds at most ${maxRequestIds}. Ask in parts.` });
  }
  for (const requestId of requestIds) checkRequestId(requestId, 'requestIds');

  const results = await store.createResults(requestIds);
  const found = new Map(results.map((result) => [result.requestId, result]));
  return {
    results: [...new Set(requestIds)].flatMap((requestId) => {
      const result = found.get(requestId.toLowerCase());
      return result ? [resultMessage({ ...result, requestId })] : [];
    }),
  };
};

function resultMessage(result: CreateResult): CreateResultMessage {
  const { requestId, digest } = result;
  const known = { requestId, ...(digest && { digest }) };
  if (result.state === 'stored') return { ...known, id: result.id };
  const { reason, field = '', revision } = result;
  return { ...known, rejection: { reason, field, revision } };
}
