/** The ways into a desk, and what their answers mean. */
import { setTimeout as delay } from 'node:timers/promises';
import { status as grpcStatus, type ServiceError } from '@grpc/grpc-js';
import { ticketFields } from '../../proto/ticket-fields.ts';
import type { GraphqlServer } from '../testing/graphql.ts';
import type { TestCaller } from '../ticket-service/testing/service.ts';
import type { Answer, AnswerState, CountFilter } from './history.ts';

/** How soon what got no answer is sent again. */
const againMs = 20;
/** Longer than any fault and any job: what has no answer by then never gets one. */
const noAnswerMs = 600_000;

/** Direct reads and writes of tickets by their numbers; undefined: no answer, so nobody knows whether it was done. */
export interface WayIn {
  name: string;
  read(id: number): Promise<Answer | undefined>;
  readPage(): Promise<Answer | undefined>;
  /** Of each of countFilters, all in one question, as the page asks for its views. */
  count(): Promise<Answer | undefined>;
  /** Each is sent once. */
  update(id: number, changes: { status: string; description: string }): Promise<Answer | undefined>;
  delete(id: number): Promise<Answer | undefined>;
  restore(id: number): Promise<Answer | undefined>;
}

const pageSize = 20;

/** Words that descriptions begin with here, which no other text has; each of all tickets and of each status, and so without a word. */
const countFilters: readonly CountFilter[] = [
  {},
  ...['filed', 'change', 'proxy'].map((description) => ({ description })),
].flatMap((filter) => [filter, ...ticketFields.status.choices.map((status) => ({ ...filter, status }))]);
const askedFilters = countFilters.map(({ description, status }) => ({
  query: description ?? '',
  statuses: status === undefined ? [] : [status],
}));
const toldCounts = (counts: readonly { count: number; exact: boolean }[]): Answer => ({
  state: 'STORED',
  counts: countFilters.flatMap((filter, at) => {
    const told = counts[at];
    return told ? [{ filter, count: told.count, exact: told.exact }] : [];
  }),
});

/**
 * Sends it until it is answered, even while the run ends: the desk is up again by then.
 * @throws Error when it has got no answer for ten minutes
 */
export async function seeThrough<Found>(
  send: () => Promise<Found | undefined>,
  everyMs = againMs,
): Promise<Found> {
  const begun = performance.now();
  for (;;) {
    const found = await send();
    if (found !== undefined) return found;
    if (performance.now() - begun > noAnswerMs) throw new Error('it never ended');
    await delay(everyMs);
  }
}

/** @returns the data; or what its error means; undefined: nobody answered, or cannot now. */
async function askDesk<Data extends object>(
  desk: GraphqlServer,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ data: Data } | { refusal: Answer } | undefined> {
  // The desk is down, or went down under the answer.
  const answer = await desk.graphql<Data>(query, variables).catch((thrown) => {
    if (thrown instanceof TypeError || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  });
  const error = answer?.errors?.[0];
  if (!error) return answer?.data ? { data: answer.data } : undefined;
  switch (error.extensions?.code) {
    case 'UNAVAILABLE':
    case 'DEADLINE_EXCEEDED':
      return undefined;
    case 'NOT_FOUND':
      return { refusal: { state: 'REFUSED' } };
    case 'CONFLICT':
      if (error.extensions.current) return { refusal: { state: 'CLASH' } };
  }
  return { refusal: { state: 'WRONG', told: JSON.stringify(answer) } };
}

/** Sends it until it is answered. @throws Error with an answer that is wrong, or when it has got none for ten minutes */
export async function answerOf<Data extends object>(
  desk: () => GraphqlServer,
  query: string,
  input?: object,
): Promise<Data> {
  const found = await seeThrough(() => askDesk<Data>(desk(), query, { input }));
  if ('data' in found) return found.data;
  throw new Error(`${query}: ${JSON.stringify(found.refusal)}`);
}

interface Written {
  success: boolean;
  state?: AnswerState | 'SENT' | 'FAILED' | null;
  ticket?: { version: number } | null;
}

/** Sends one mutation whose answer is named `answer`. */
export async function write(
  desk: GraphqlServer,
  mutation: string,
  input: object,
): Promise<Answer | undefined> {
  const asked = await askDesk<{ answer: Written }>(desk, mutation, { input });
  if (!asked || 'refusal' in asked) return asked?.refusal;
  const { success, state, ticket } = asked.data.answer;
  if (!success || state === 'FAILED') return { state: 'REFUSED' };
  return { state: state === 'SENT' ? 'QUEUED' : (state ?? 'STORED'), version: ticket?.version };
}

export const mutations = {
  create: 'mutation ($input: NewTicket!) { answer: createTicket(input: $input) { success state } }',
  comment: 'mutation ($input: AddComment!) { answer: addComment(input: $input) { success state } }',
  editComment: 'mutation ($input: EditComment!) { answer: editComment(input: $input) { success } }',
  deleteComment: 'mutation ($input: DeleteComment!) { answer: deleteComment(input: $input) { success } }',
  update: `mutation ($input: UpdateTicket!) {
    answer: updateTicket(input: $input) { success state ticket { version } } }`,
  delete: 'mutation ($input: DeleteTicket!) { answer: deleteTicket(input: $input) { success } }',
  restore: `mutation ($input: RestoreTicket!) {
    answer: restoreTicket(input: $input) { success ticket { version } } }`,
};

interface Seen {
  id: number;
  version: number;
}

/** @param desk as it is now: another one after it was killed */
export function wayOfProxy(desk: () => GraphqlServer): WayIn {
  async function read<Data extends object>(
    query: string,
    variables: object,
    found: (data: Data) => { asOf: string | null; answer: Answer } | null,
  ): Promise<Answer | undefined> {
    const asked = await askDesk<Data>(desk(), query, { ...variables });
    if (!asked || 'refusal' in asked) return asked?.refusal;
    const { asOf, answer } = found(asked.data) ?? { asOf: null, answer: { state: 'STORED' } };
    // What was kept on the proxy's disk says so: it answers nobody who asks how things are now.
    return asOf === null ? answer : undefined;
  }
  /** Since when; undefined: there is no link. */
  async function linkedSince(): Promise<string | undefined> {
    const asked = await askDesk<{ link: { state: string; since: string } }>(
      desk(),
      '{ link { state since } }',
    );
    if (!asked || 'refusal' in asked || asked.data.link.state !== 'CONNECTED') return undefined;
    return asked.data.link.since;
  }
  return {
    name: 'proxy',
    read: (id) =>
      read<{ ticket: (Seen & { asOf: string | null }) | null }>(
        'query ($id: Int!) { ticket(id: $id) { id version asOf } }',
        { id },
        ({ ticket }) => ticket && { asOf: ticket.asOf, answer: { state: 'STORED', version: ticket.version } },
      ),
    readPage: () =>
      read<{ ticketPage: { asOf: string | null; edges: { node: Seen }[] } }>(
        'query ($first: Int!) { ticketPage(first: $first) { asOf edges { node { id version } } } }',
        { first: pageSize },
        ({ ticketPage: { asOf, edges } }) => ({
          asOf,
          answer: { state: 'STORED', seen: edges.map(({ node }) => node) },
        }),
      ),
    async count() {
      const query = 'query ($filters: [TicketFilter!]!) { counts(filters: $filters) { count exact } }';
      const since = await linkedSince();
      const asked = await askDesk<{ counts: { count: number; exact: boolean }[] }>(desk(), query, {
        filters: askedFilters,
      });
      if (!asked || 'refusal' in asked) return asked?.refusal;
      // Without a link they are of what was kept, and do not say so.
      const isOfNow = since !== undefined && since === (await linkedSince());
      return isOfNow ? toldCounts(asked.data.counts) : undefined;
    },
    update: (id, changes) => write(desk(), mutations.update, { id, ...changes }),
    delete: (id) => write(desk(), mutations.delete, { id }),
    restore: (id) => write(desk(), mutations.restore, { id }),
  };
}

/** Straight to a ticket service, past the proxy. */
function wayOfService(caller: TestCaller, name: string): WayIn {
  async function asked(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch (thrown) {
      const { UNAVAILABLE, DEADLINE_EXCEEDED } = grpcStatus;
      if ([UNAVAILABLE, DEADLINE_EXCEEDED].includes((thrown as ServiceError).code)) return undefined;
      throw thrown;
    }
  }
  const written = ({ success, ticket }: { success: boolean; ticket?: Seen | null }): Answer =>
    success ? { state: 'STORED', version: ticket?.version } : { state: 'REFUSED' };
  return {
    name,
    read: (id) =>
      asked(async () => {
        const { tickets } = await caller.call('GetTicketList', { id });
        return { state: 'STORED', version: tickets[0]?.version };
      }),
    readPage: () =>
      asked(async () => {
        const { tickets } = await caller.call('ListTickets', { pageSize });
        return { state: 'STORED', seen: tickets.map(({ id, version }) => ({ id, version })) };
      }),
    count: () =>
      asked(async () => toldCounts((await caller.call('CountMatches', { filters: askedFilters })).counts)),
    update: (id, changes) =>
      asked(async () => written(await caller.call('UpdateTicket', { id, ...changes }))),
    delete: (id) => asked(async () => written(await caller.call('DeleteTicket', { id }))),
    restore: (id) => asked(async () => written(await caller.call('RestoreTicket', { id }))),
  };
}

/** By the proxy, and straight to each service. */
export function waysInto(desk: () => GraphqlServer, services: readonly TestCaller[] = []): WayIn[] {
  return [wayOfProxy(desk), ...services.map((caller, which) => wayOfService(caller, `service ${which}`))];
}
