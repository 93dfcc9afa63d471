/** The proxy put together: GraphQL in front, the outbox and the ticket client behind. */
import { join } from 'node:path';
import { fieldNames } from '../../proto/ticket-fields.ts';
import { emptiedFolders } from '../data-folder.ts';
import type { Agent } from '../domain/agent.ts';
import { createLifecycle, type Lifecycle } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { CreateQueue } from '../ports/create-queue.ts';
import { bulkForm } from './bulk/job-record.ts';
import { Jobs } from './bulk/jobs.ts';
import { runBulk } from './bulk/runner.ts';
import type { Caller } from './caller.ts';
import type { TicketClient } from './client/types.ts';
import { Exports } from './export/exports.ts';
import { importForm } from './import/import-record.ts';
import { Imports } from './import/imports.ts';
import { runImports } from './import/run-imports.ts';
import { keepingClient } from './kept/keeping-client.ts';
import { openKept } from './kept/kept.ts';
import { Confirmer } from './outbox/confirmer.ts';
import { Dispatcher } from './outbox/dispatcher.ts';
import type { OutboxEvent } from './outbox/entry.ts';
import { Outbox } from './outbox/outbox.ts';
import type { RecordForm } from './outbox/record-form.ts';
import { type AnyRecord, openOutboxStore, openRecordStore, type RecordStore } from './outbox/store.ts';
import { standing } from './resolvers/query.ts';
import { createHandler } from './server/handler.ts';
import type { OperationEnd } from './server/operations.ts';
import { Sender } from './writes/sender.ts';
import { type WriteRecord, writeForm } from './writes/write-record.ts';
import { Writes } from './writes/writes.ts';

export type { OperationEnd };

export interface ProxyOptions {
  /** The outbox is its folder `outbox`, and what is kept for reading without a link its folder `kept`. */
  dataDir: string;
  /** 32 bytes that encrypt kept tickets; undefined: they are kept in clear. */
  keptKey?: Buffer | undefined;
  /** Kept tickets are dropped: whoever else keeps some must drop them too. */
  onForgetKept?: (() => void) | undefined;
  queue: CreateQueue;
  client: TicketClient;
  /** What is linked to, for the person: "this computer", or the service's address. */
  serviceLabel: string;
  /** Who acts where a caller does not say so; left out: nobody known. */
  agent?: (() => Agent | undefined) | undefined;
  logger: Logger;
  appVersion: string;
  /** Called as soon as the data folder is this process's alone, before anything else of it is opened. */
  onOwned?: (() => Promise<void>) | undefined;
  /** Told of each GraphQL operation when it is answered. */
  onOperation?: ((end: OperationEnd) => void) | undefined;
  /** Told of each step of each create. */
  onCreate?: ((event: OutboxEvent) => void) | undefined;
}

export interface Proxy {
  /** Answers POST /graphql and /query, GET /health and of a file that was exported, and POST of a piece of one to import. Never rejects. */
  handle(request: Request, caller?: Caller): Promise<Response>;
  outbox: {
    waiting(): { waiting: number; failed: number };
    /** How long the one that was filed first has waited (ms); undefined when none waits. */
    longestWaitMs(): number | undefined;
    /** @returns unsubscribe */
    onChange(listener: () => void): () => void;
  };
  /** Whether nothing waits on the disk: no create, comment or change, and no bulk change or import under way. */
  isIdle(): boolean;
  /** Tries every way at once, and sends what waits: for whoever knows that something has changed, such as the end of sleep. */
  retryNow(): void;
  /** Drops what is kept of tickets, and what was exported: for whoever knows that this person may read them no more. */
  forgetKept(): Promise<void>;
  /** The same, and of all work on them: for whoever has put others in their place. */
  forgetTickets(): Promise<void>;
  /** What was begun with a token that is good no more stops. @param isGood asked by a caller's token */
  admitBy(isGood: (token: string) => boolean): void;
  /** They would hold up whoever carries the answers; all else goes on. */
  endSubscriptions(): void;
  /** Ends the subscriptions, lets what is being sent finish for a moment, closes the outbox. Queue and client stay their owner's. */
  stop(): Promise<void>;
}

/**
 * Resolves once the outbox is open and creates can be filed; what waits in it is sent from then on.
 * @throws DeskError CONFLICT: another Ticket Desk has the data folder open.
 * @throws DeskError UNAVAILABLE: the disk does not let the outbox be opened. Nothing was changed.
 */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { queue, client, serviceLabel, keptKey, logger } = options;
  const store = await openOutboxStore({ folder: join(options.dataDir, 'outbox'), logger });
  const lifecycle = createLifecycle(logger);
  lifecycle.add('outbox store', () => store.close());
  try {
    await options.onOwned?.();
    // Tickets of other fields are of no use.
    const opening = openKept({
      folder: join(options.dataDir, emptiedFolders.kept),
      scope: JSON.stringify([serviceLabel, fieldNames]),
      key: keptKey,
      logger,
    });
    const keeping = keepingClient({
      client,
      opening,
      me: options.agent,
      onForget: options.onForgetKept,
      logger,
    });
    lifecycle.add('kept tickets', () => keeping.stopKeeping());
    const { writesStore, bulkStore, importStore } = await openStores(options, lifecycle);
    const outbox = new Outbox(store);
    lifecycle.add('log of creates', logCreates(outbox, logger));
    if (options.onCreate) lifecycle.add('create listener', outbox.onChange(options.onCreate));
    const dispatcher = new Dispatcher({ outbox, queue, logger });
    lifecycle.add('dispatcher', () => dispatcher.stop());
    const confirmer = new Confirmer({ outbox, client, logger });
    lifecycle.add('confirmer', () => confirmer.stop());
    const writes = new Writes(writesStore);
    const sender = new Sender({ writes, outbox, client: keeping });
    lifecycle.add('sender', () => sender.stop());
    const jobs = new Jobs(bulkStore);
    const runner = runBulk({ jobs, client: keeping });
    lifecycle.add('bulk runner', () => runner.stop());
    const exports = new Exports({ folder: join(options.dataDir, emptiedFolders.exports), client, logger });
    lifecycle.add('exports', () => exports.clear());
    const importFiles = join(options.dataDir, emptiedFolders.imports);
    const imports = new Imports({ store: importStore, folder: importFiles, logger });
    const importRunner = runImports({ imports, client });
    lifecycle.add('import runner', () => importRunner.stop());
    const unsubscribe = client.onLink(({ state }) => {
      if (state === 'CONNECTED') dispatcher.wake();
    });
    lifecycle.add('link listener', () => void unsubscribe());
    const unsubscribeQueue = queue.onOpen?.(() => dispatcher.wake());
    lifecycle.add('queue listener', () => void unsubscribeQueue?.());
    const stores = [store, writesStore, bulkStore, importStore];
    const notices = [...stores.flatMap((each) => each.notices), ...waitingElsewhere(writesStore)];
    const context = { client: keeping, outbox, writes, jobs, exports, imports, serviceLabel, notices };
    const handler = await createHandler({ ...options, context });
    lifecycle.add('GraphQL', () => handler.stop());
    const forgetKept = async () => void (await Promise.all([keeping.forgetKept(), exports.clear()]));
    return {
      handle: handler.handle,
      outbox: {
        waiting() {
          const { waiting, failed } = standing({ outbox, writes });
          return { waiting, failed };
        },
        longestWaitMs: () => outbox.longestWaitMs(),
        onChange(listener) {
          const stops = [outbox.onChange(() => listener()), writes.onChange(() => listener())];
          return () => stops.forEach((stop) => void stop());
        },
      },
      isIdle() {
        const { waiting, failed } = standing({ outbox, writes });
        return waiting + failed === 0 && !jobs.current() && !imports.current();
      },
      retryNow() {
        dispatcher.retryNow();
        sender.retryNow();
        runner.retryNow();
        importRunner.retryNow();
      },
      forgetKept,
      admitBy(isGood) {
        for (const work of [jobs, imports]) work.admitBy(isGood);
      },
      forgetTickets() {
        for (const work of [jobs, imports]) work.forgetAll();
        return forgetKept();
      },
      endSubscriptions: handler.endSubscriptions,
      stop: () => lifecycle.stop(),
    };
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}

/** What waits beside the creates, all opened at once. */
async function openStores({ dataDir, serviceLabel, logger }: ProxyOptions, lifecycle: Lifecycle) {
  async function open<Item extends AnyRecord>(
    name: string,
    form: RecordForm<Item>,
  ): Promise<RecordStore<Item>> {
    const folder = join(dataDir, name);
    const store = await openRecordStore({ folder, service: serviceLabel, logger }, form);
    lifecycle.add(`${name} store`, () => store.close());
    return store;
  }
  const opening = [open('writes', writeForm), open('bulk', bulkForm), open('imports', importForm)] as const;
  // Where one can't be opened, those that were are known to the lifecycle and closed again.
  await Promise.allSettled(opening);
  const [writesStore, bulkStore, importStore] = await Promise.all(opening);
  return { writesStore, bulkStore, importStore };
}

/** Nothing else shows what was written on tickets of another ticket service. */
function waitingElsewhere({ elsewhere }: Pick<RecordStore<WriteRecord>, 'elsewhere'>): string[] {
  const services = [...elsewhere.values()];
  return [...new Set(services)].map((service) => {
    const count = services.filter((each) => each === service).length;
    const what =
      count === 1 ? '1 comment or change of a ticket waits' : `${count} comments and changes of tickets wait`;
    return `${what} until the desk uses ${service} again.`;
  });
}

/**
 * The way of each create in the log, by its requestId: the ticket service writes the same key, so one id follows a
 * create from form to row. At debug, because a line each would cost a busy proxy more than the create; what a person
 * has to mend is told at info. Nothing of the text.
 * @returns unsubscribe
 */
function logCreates(outbox: Pick<Outbox, 'onChange'>, logger: Logger): () => void {
  return outbox.onChange((event) => {
    const { requestId, state, attempts, id, lastErrorField, conflict } = event.entry;
    if (state === 'FAILED' && !event.removed) {
      logger.info(
        { requestId, attempts, field: lastErrorField, ...(conflict && { filedUnder: conflict.requestId }) },
        'create refused: its author has to mend it',
      );
    } else {
      logger.debug({ requestId, attempts, ...(id !== null && { ticketId: id }) }, stepOf(event));
    }
  });
}

function stepOf({ entry, removed }: OutboxEvent): string {
  const { state, attempts, lastError, conflict } = entry;
  if (state === 'STORED') return 'create stored';
  if (removed && conflict?.requestId === entry.requestId)
    return "create goes on under an id of its own: this one is another text's";
  if (removed)
    return state === 'SENT' ? 'create sent to a service that does not confirm' : 'create discarded';
  if (state === 'SENT') return 'create sent, not seen stored yet';
  if (lastError !== null) return 'create not sent yet';
  return attempts === 0 ? 'create filed' : 'create to be sent again';
}
