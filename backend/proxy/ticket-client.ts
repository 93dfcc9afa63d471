/** The proxy's way to the ticket service: every RPC, the state of the link, and what changes there. */
import { deadlinesMs, unary } from './client/calls.ts';
import { type Connection, type ConnectionOptions, createConnection } from './client/connection.ts';
import { fromGrpc, isUnimplemented } from './client/grpc-errors.ts';
import {
  countTickets,
  createResults,
  createTicket,
  deleteTicket,
  listTickets,
  pageTickets,
  restoreTicket,
  updateTicket,
} from './client/rpcs.ts';
import type { Session } from './client/session.ts';
import type { TicketClient } from './client/types.ts';

export type { ConnectionOptions } from './client/connection.ts';
export type * from './client/types.ts';

/** Connects in the background and goes on trying for ever, 200 ms to 5 s apart (on this computer at most 250 ms). */
export function createTicketClient(options: ConnectionOptions): TicketClient {
  const connection = createConnection(options);

  /**
   * Reads may be asked again: once, when the connection broke under them. Not of an older service, which may have been
   * stopped by the question.
   */
  async function read<Answer>(ask: (session: Session) => Promise<Answer>): Promise<Answer> {
    const session = await connection.ready();
    try {
      return await ask(session);
    } catch (thrown) {
      const error = fromGrpc(thrown, 'read');
      if (error.code !== 'UNAVAILABLE' || isUnimplemented(thrown) || session.version === null) throw error;
      await connection.replaced(session);
    }
    return ask(await connection.ready()).catch(rethrowAs('read'));
  }

  /** Writes are made once: whether one that broke was done is not known. */
  async function write<Answer>(make: (session: Session) => Promise<Answer>): Promise<Answer> {
    return make(await connection.ready()).catch(rethrowAs('write'));
  }

  return {
    link: connection.link.status,
    onLink: connection.link.onChange,
    onTicket: connection.events.add,
    healthy: () => isHealthy(connection),
    list: (filter) => read((session) => listTickets(session, filter)),
    page: (request) => read((session) => pageTickets(session, request)),
    counts: (text) => read((session) => countTickets(session, text)),
    // Not waiting: the outbox knows better when to try again.
    createTicket: async (create, options) =>
      createTicket(connection.current(), create, options).catch(rethrowAs('write')),
    update: (id, changes, expectedVersion) =>
      write((session) => updateTicket(session, id, changes, expectedVersion)),
    delete: (id) => write((session) => deleteTicket(session, id)),
    restore: (id) => write((session) => restoreTicket(session, id)),
    createResults: (requestIds) => read((session) => createResults(session, requestIds)),
    retryNow: connection.retryNow,
    close: connection.close,
  };
}

function rethrowAs(kind: 'read' | 'write') {
  return (thrown: unknown): never => {
    throw fromGrpc(thrown, kind);
  };
}

async function isHealthy(connection: Connection): Promise<boolean> {
  try {
    const { stub, metadata } = await connection.ready();
    const answer = await unary<{ success: boolean }>(
      (options, done) => stub.healthCheck({}, metadata, options, done),
      { deadlineMs: deadlinesMs.probe },
    );
    return answer.success;
  } catch {
    return false;
  }
}
