/** Bulk changes and undo. */
import { limits } from '../../../proto/checks.ts';
import { bulkChange, bulkProblem } from '../../domain/bulk-change.ts';
import { refuse } from '../../domain/ticket.ts';
import type { ProxyContext } from '../context.ts';
import { checkBulkIds, checkedCount, checkedFilter, checkedRequestId, digestOf } from './checked-input.ts';
import { changedFields } from './fields.ts';
import type { BulkJobResolvers, MutationResolvers, PrepareBulk } from './generated/resolvers.ts';

export const bulkMutations: Pick<
  Required<MutationResolvers>,
  'undoChange' | 'prepareBulk' | 'startBulk' | 'stopBulk' | 'undoBulk'
> = {
  async undoChange(_parent, { input }, { client, agent }) {
    const requestId = checkedRequestId(input.requestId);
    const undoes = checkedRequestId(input.undoes, 'undoes');
    const { failures } = await client.undoChange({ requestId, undoes, agent });
    return { requestId, success: failures.length === 0, failures: [...failures] };
  },

  prepareBulk(_parent, { input }, context) {
    const { agent, jobs } = context;
    const id = checkedRequestId(input.id, 'id');
    const change = bulkChange({ ...input, changes: input.changes ?? {} });
    refuse(bulkProblem(change));
    const find = wantedTickets(input, context);
    return jobs.prepare({ id, agent, change, digest: digestOf({ ...input, id }) }, find);
  },

  startBulk: (_parent, { input }, { jobs, caller }) =>
    jobs.start(checkedRequestId(input.id, 'id'), caller.token),

  stopBulk: (_parent, { input }, { jobs }) => jobs.stop(checkedRequestId(input.id, 'id')),

  undoBulk(_parent, { input }, { jobs, agent, caller: { token } }) {
    const asked = { id: checkedRequestId(input.id, 'id'), undoes: checkedRequestId(input.undoes, 'undoes') };
    return jobs.undo({ ...asked, agent, token, digest: digestOf(asked) });
  },
};

/** @returns what finds them, each once. @throws DeskError BAD_USER_INPUT */
function wantedTickets(
  { filter, ids, except }: PrepareBulk,
  { client, agent }: ProxyContext,
): () => Promise<readonly number[]> {
  if ((filter == null) === (ids == null)) {
    refuse({ field: 'filter', message: 'Give either filter or ids.' });
  }
  checkBulkIds({ ids, except });
  const leftOut = new Set(except);
  const wanted = filter == null ? undefined : checkedFilter(filter);
  return async () => {
    const found = wanted ? await client.ticketIds(wanted, agent) : new Set(ids);
    return [...found].filter((id) => !leftOut.has(id));
  };
}

const maxFailures = limits.maxListLength;

type Resolved = Exclude<keyof BulkJobResolvers, '__isTypeOf'>;

export const bulkJob: Pick<Required<BulkJobResolvers>, Resolved> = {
  id: ({ record }) => record.requestId,
  state: (job, _args, { jobs }) => jobs.stateOf(job),
  isStopping: ({ record }) => record.state === 'STOPPING',
  isResumed: ({ isResumed }) => isResumed,
  reason: (job, _args, { jobs }) => jobs.reasonOf(job),
  createdAt: ({ record }) => record.createdAt,
  author: ({ record }) => record.agent ?? null,
  undoes: ({ record }) => record.undoes,
  changes: ({ record }) => changedFields(record.change?.changes ?? {}),
  addTags: ({ record }) => record.change?.addTags ?? [],
  removeTags: ({ record }) => record.change?.removeTags ?? [],
  isDelete: ({ record }) => record.change?.isDelete ?? false,
  total: ({ chunks }) => sumOf(chunks, ({ size }) => size),
  done: ({ chunks }) =>
    sumOf(chunks, ({ state, size, failures }) => (state === 'DONE' ? size - failures.length : 0)),
  changed: ({ chunks }) => sumOf(chunks, ({ state, ids }) => (state === 'DONE' ? ids.length : 0)),
  failed: ({ chunks }) => sumOf(chunks, ({ failures }) => failures.length),
  failures({ chunks }, { first }) {
    const count = checkedCount(first, { field: 'first', otherwise: maxFailures, max: maxFailures });
    return chunks.flatMap(({ failures }) => failures).slice(0, count);
  },
};

function sumOf<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + numberOf(item), 0);
}
