/** How long the database takes, for each thing that is asked of it, and what became of creates. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { TicketStore } from '../ticket-service/store/ticket-store.ts';
import { durationBucketsSeconds, stopwatch } from './registry.ts';

/** Calls of the database under a name each, bounded by the functions of TicketStore. */
type Timed = <Args extends unknown[], Answer>(
  operation: string,
  call: (...args: Args) => Promise<Answer>,
) => (...args: Args) => Promise<Answer>;

export function meteredStore(store: TicketStore, registry: Registry): TicketStore {
  const timed = createTimer(registry);
  const creates = new Counter({
    name: 'ticket_desk_creates_total',
    help: 'What the database made of creates: created, known (from an earlier delivery), conflict (another text has the request id) or rejected (before, in this revision).',
    labelNames: ['result'],
    registers: [registry],
  });
  const batchSizes = new Histogram({
    name: 'ticket_desk_store_batch_size',
    help: 'Creates that go to the database together, in one transaction.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [registry],
  });
  const rejections = new Counter({
    name: 'ticket_desk_creates_rejected_total',
    help: 'Creates that can never become tickets, kept with the reason for their authors.',
    registers: [registry],
  });
  const create = timed('create', store.create);
  const reject = timed('reject', store.reject);
  return {
    ...store,
    async create(batch) {
      batchSizes.observe(batch.length);
      const outcomes = await create(batch);
      for (const { state } of outcomes) creates.inc({ result: state });
      return outcomes;
    },
    async reject(batch) {
      await reject(batch);
      rejections.inc(batch.length);
    },
    find: timed('find', store.find),
    update: timed('update', store.update),
    delete: timed('delete', store.delete),
    restore: timed('restore', store.restore),
    changeMany: timed('changeMany', store.changeMany),
    undo: timed('undo', store.undo),
    import: timed('import', store.import),
    ids: timed('ids', store.ids),
    list: timed('list', store.list),
    page: timed('page', store.page),
    count: timed('count', store.count),
    createResults: timed('createResults', store.createResults),
    history: timed('pageHistory', store.history),
    agents: timed('listAgents', store.agents),
    prune: timed('prune', store.prune),
    comments: {
      add: timed('addComment', store.comments.add),
      edit: timed('editComment', store.comments.edit),
      delete: timed('deleteComment', store.comments.delete),
      page: timed('pageComments', store.comments.page),
    },
    views: {
      list: timed('listViews', store.views.list),
      save: timed('saveView', store.views.save),
      move: timed('moveView', store.views.move),
      delete: timed('deleteView', store.views.delete),
    },
    changes: { ...store.changes, read: timed('readChanges', store.changes.read) },
  };
}

function createTimer(registry: Registry): Timed {
  const durations = new Histogram({
    name: 'ticket_desk_store_duration_seconds',
    help: 'Time of one call of the database, retries included, by operation and whether it failed.',
    labelNames: ['operation', 'result'],
    buckets: durationBucketsSeconds,
    registers: [registry],
  });
  return (operation, call) =>
    async (...args) => {
      const elapsed = stopwatch();
      try {
        const answer = await call(...args);
        durations.observe({ operation, result: 'ok' }, elapsed());
        return answer;
      } catch (thrown) {
        durations.observe({ operation, result: 'failed' }, elapsed());
        throw thrown;
      }
    };
}
