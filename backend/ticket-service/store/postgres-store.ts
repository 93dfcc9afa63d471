/** The tickets in Postgres. */
import { createListeners } from '../../../proto/listeners.ts';
import { once } from '../../../proto/once.ts';
import { createRetries } from '../../backoff.ts';
import { countedLogger } from '../../counted-log.ts';
import type { Agent } from '../../domain/agent.ts';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { openAgentBook } from './agents.ts';
import { askTogether } from './ask-together.ts';
import { createCacheLease, recallChannel } from './cache-lease.ts';
import { openChangeLog } from './changes.ts';
import { addComment, deleteComment, editComment, pageComments } from './comments.ts';
import { openCounts } from './counts.ts';
import { createTickets } from './creates.ts';
import { type Connections, type Database, openDatabase } from './database.ts';
import { exportTickets } from './export.ts';
import { pageHistory } from './history.ts';
import { importTickets } from './import.ts';
import { findCreateResults, rejectCreates } from './ledger.ts';
import { type Listening, listen } from './listen.ts';
import { changeTickets, findTicketIds } from './many-tickets.ts';
import { migrate } from './migrate.ts';
import { connectionWords, refusal, toStoreError, unusable } from './postgres-errors.ts';
import { createPresenceChannel, presenceChannel } from './presence.ts';
import { prune } from './prune.ts';
import { findTicket, listTickets, pageTickets } from './reads.ts';
import type { TicketStore } from './ticket-store.ts';
import { undoChange } from './undo.ts';
import { deleteView, listViews, moveView, saveView } from './views.ts';
import { deleteTicket, restoreTicket, updateTicket } from './writes.ts';

/** A Postgres that starts beside the service is there some hundredths of a second later. */
const backoff = { minMs: 20, maxMs: 3_000 };

export interface PostgresStoreOptions {
  postgresUrl: string;
  logger: Logger;
  /** Ends the waiting for Postgres. */
  signal?: AbortSignal;
  /** Told why it waits for Postgres, in words for the person. */
  onWaiting?: (text: string) => void;
}

export interface PostgresStore extends TicketStore {
  connections(): Connections;
}

/**
 * Waits for Postgres for as long as it takes, and brings its tables to the form that this service knows.
 * @throws DeskError BAD_USER_INPUT: the database is of a newer format, holds what is in the way, or refuses this user,
 * its password or what has to be done.
 * @throws the signal's reason when it is aborted.
 */
export async function openPostgresStore(given: PostgresStoreOptions): Promise<PostgresStore> {
  // A database that is away for a night is tried every few seconds.
  const options = { ...given, logger: countedLogger(given.logger) };
  await migrateOnceThere(options);
  const database = openDatabase(options);
  try {
    return makeStore(database, await openChangeLog(database), options);
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}

async function migrateOnceThere({
  postgresUrl,
  logger,
  signal,
  onWaiting,
}: PostgresStoreOptions): Promise<void> {
  const retries = createRetries(backoff, signal);
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await migrate(postgresUrl, logger, signal);
    } catch (thrown) {
      const refused = refusal(thrown);
      if (refused) throw refused;
      const error = toStoreError(thrown);
      if (!(error instanceof DeskError)) throw unusable(thrown);
      if (error.code !== 'UNAVAILABLE') throw error;
      logger.warn({ err: thrown }, 'waiting for Postgres');
      onWaiting?.(`The ticket service can't reach its database yet: ${connectionWords(thrown)}`);
      await retries.pause();
    }
  }
}

function makeStore(
  database: Database,
  changes: Awaited<ReturnType<typeof openChangeLog>>,
  options: PostgresStoreOptions,
): PostgresStore {
  const agents = openAgentBook(database);
  const counts = openCounts(database);
  const changed = createListeners<void>();
  const presence = createPresenceChannel(database);
  const cacheLease = createCacheLease({ database, listening: () => listening });
  const endLease = () => void cacheLease.giveBack();
  const listening: Listening = listen({
    ...options,
    channels: {
      ticket_changes: () => changed.emit(),
      [recallChannel]: endLease,
      [presenceChannel]: presence.hear,
    },
    onConnect: () => changed.emit(),
    onBreak: endLease,
  });
  async function close(): Promise<void> {
    cacheLease.stop();
    await listening.close();
    await database.close();
  }
  /** For somebody, who is then known to have been here. */
  async function actingAs<Done>(agent: Agent | undefined, act: () => Promise<Done>): Promise<Done> {
    await agents.see([agent]);
    return act();
  }
  return {
    async create(creates) {
      await agents.see(creates.map(({ agent }) => agent));
      return createTickets(database, creates);
    },
    reject: (rejections) => rejectCreates(database, rejections),
    find: (id) => findTicket(database, id),
    update: (id, changes, options = {}) =>
      actingAs(options.by, () => updateTicket(database, id, changes, options)),
    delete: (id, by) => actingAs(by, () => deleteTicket(database, id, by)),
    restore: (id, by) => actingAs(by, () => restoreTicket(database, id, by)),
    changeMany: (request) => actingAs(request.by, () => changeTickets(database, request)),
    undo: (request) => actingAs(request.by, () => undoChange(database, request)),
    ids: (filter, most) => findTicketIds(database, filter, most),
    export: (request, signal) => exportTickets({ ...options, signal }, request),
    import: (request) => actingAs(request.by, () => importTickets(database, request)),
    history: (request) => pageHistory(database, request),
    agents: (me) => actingAs(me, () => agents.list()),
    list: (filter) => listTickets(database, filter),
    page: (request) => pageTickets(database, request),
    comments: {
      add: (comment) => actingAs(comment.by, () => addComment(database, comment)),
      edit: (id, change) => actingAs(change.by, () => editComment(database, id, change)),
      delete: (id, by) => actingAs(by, () => deleteComment(database, id, by)),
      page: (request) => pageComments(database, request),
    },
    views: {
      list: (me) => listViews(database, me),
      save: (view, me) => saveView(database, view, me),
      move: (place, me) => moveView(database, place, me),
      delete: (id, me) => deleteView(database, id, me),
    },
    countByStatus: counts.countByStatus,
    count: askTogether(counts.count),
    countEachStatus: askTogether(counts.countEachStatus),
    createResults: (requestIds) => findCreateResults(database, requestIds),
    ping: async () => {
      await database.query('select 1');
    },
    prune: (signal) => prune({ ...options, signal }),
    changes: { ...changes, onChange: changed.add },
    presence,
    connections: database.connections,
    cacheLease,
    close: once(close),
  };
}
