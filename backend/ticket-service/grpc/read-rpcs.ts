/** The RPCs that read: each checks what comes in, then answers from the cache or the store. */
import { limits } from '../../../proto/checks.ts';
import type { CreateResult as CreateResultMessage } from '../../../proto/generated/CreateResult.ts';
import type { ListTicketsRequest__Output } from '../../../proto/generated/ListTicketsRequest.ts';
import { TicketOrder } from '../../../proto/generated/TicketOrder.ts';
import { fitsFilters } from '../../../proto/matching.ts';
import { once } from '../../../proto/once.ts';
import { containing } from '../../../proto/search-language.ts';
import { fieldFilters } from '../../../proto/ticket-fields.ts';
import { fieldProblem, refuse, type Ticket } from '../../domain/ticket.ts';
import {
  type Complete,
  fitsNothing,
  inBoth,
  listProblem,
  type TicketFilter,
} from '../../domain/ticket-filter.ts';
import type { CreateResult } from '../store/ticket-store.ts';
import { countTogether } from '../use-cases/count-together.ts';
import type { TicketStorage } from '../use-cases/create-tickets.ts';
import { checkFilter, checkId, checkPageSize, checkRequestId } from '../use-cases/input.ts';
import { type ReadFilter, readFilter } from '../use-cases/selection.ts';
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
  { id, status, text, query, timeZone, ...asked },
  caller,
) => {
  if (id !== 0) checkId(id);
  if (status !== '') refuse(fieldProblem('status', status));
  const filter: Complete<TicketFilter> = {
    ...fieldFilters(asked),
    ids: id === 0 ? undefined : [id],
    statuses: inBoth(status === '' ? undefined : [status], givenList(asked.statuses)),
    text: given(text),
    query: given(query),
    timeZone: given(timeZone),
  };
  checkFilter(filter);

  const found = await find(storage, await readFilter(storage.store, filter, caller.agent));
  const tickets = found.map(toMessage);
  return { tickets: caller.hasShakenHands ? tickets : fittingUnasked(tickets) };
};

/** One that is asked for by its number is cached under it, a list under all that was asked. */
async function find(storage: TicketStorage, asked: ReadFilter): Promise<Ticket[]> {
  const { store, cache } = storage;
  const { ids: [id, ...others] = [], terms, ...filters } = asked.selection;
  if (fitsNothing(asked.selection)) return [];
  if (id !== undefined && others.length === 0 && terms === undefined) {
    const ticket = await throughTicketCache(cache, id, () => store.find(id));
    return ticket && fitsFilters(ticket, filters) ? [ticket] : [];
  }
  return cached(storage, asked, { list: asked.selection }, () => store.list(asked.selection));
}

/** The whole request names the answer: a part left out would give one request the answer to another. */
function cached<Answer>(
  { cache }: TicketStorage,
  { dependsOnTime }: ReadFilter,
  request: object,
  read: () => Promise<Answer>,
): Promise<Answer> {
  return dependsOnTime ? read() : throughListCache(cache, JSON.stringify(request), read);
}

/** A number that the contract has no name for arrives as that number. */
export function checkOrder(order: string | number): void {
  if (order in TicketOrder) return;
  refuse({ field: 'order', message: `order must be one of ${Object.keys(TicketOrder).join(', ')}.` });
}

/** One page, in the order asked for, after the cursor asked for. */
export const listTickets: Rpc<'ListTickets'> = async (storage, request, caller) => {
  const { pageSize, pageToken, order, backwards } = request;
  checkOrder(order);
  const filter = checkedFilter(request);
  const size = pageSize === 0 ? limits.defaultPageSize : pageSize;
  checkPageSize(size);

  const asked = await readFilter(storage.store, filter, caller.agent);
  const { selection, problems } = asked;
  if (fitsNothing(selection)) return { problems: [...problems], tickets: [] };
  const pageRequest = { filter: selection, pageSize: size, after: given(pageToken), order, backwards };
  const page = await cached(storage, asked, { page: pageRequest }, () => storage.store.page(pageRequest));
  return { ...page, problems: [...problems], tickets: page.tickets.map(toMessage) };
};

export function checkedFilter({
  ids,
  text,
  query,
  timeZone,
  ...asked
}: ListTicketsRequest__Output): TicketFilter {
  const filter: Complete<TicketFilter> = {
    ids: givenList(ids),
    ...fieldFilters(asked),
    text: given(text),
    query: given(query),
    timeZone: given(timeZone),
  };
  checkFilter(filter);
  return filter;
}

/** How many tickets each status has; one without any is missing. */
export const countTickets: Rpc<'CountTickets'> = async ({ store, cache }, request) => {
  const text = given(request.text);
  checkFilter(text === undefined ? {} : { text });

  const terms = text === undefined ? undefined : [containing(text)];
  const counts = await throughListCache(cache, JSON.stringify({ byStatus: text }), async () => [
    ...(await store.countByStatus(terms)),
  ]);
  return { counts: counts.map(([status, count]) => ({ status, count })) };
};

/** How many tickets each filter lets through. */
export const countMatches: Rpc<'CountMatches'> = async (storage, { filters }, caller) => {
  refuse(listProblem('filters', filters, limits.maxCounts));
  const checked = filters.map(checkedFilter);
  // Read once, however many of the filters may name one.
  const book = { agents: once(() => storage.store.agents()) };
  const asked = await Promise.all(checked.map((filter) => readFilter(book, filter, caller.agent)));
  const { store } = storage;
  const counts = await countTogether(asked, {
    count: (each) => cached(storage, each, { count: each.selection }, () => store.count(each.selection)),
    countEachStatus(each) {
      const { statuses: _, ...selection } = each.selection;
      const read = async () => [...(await store.countEachStatus(selection))];
      return cached(storage, each, { countEachStatus: selection }, read);
    },
  });
  return { counts };
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
