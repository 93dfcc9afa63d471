/** The proxy's way to the ticket service: every RPC, the state of the link, and what changes there. */
import { probeDeadlineMs } from './client/calls.ts';
import { Connection, type ConnectionOptions } from './client/connection.ts';
import { fromGrpc } from './client/grpc-errors.ts';
import { followPresence } from './client/present.ts';
import type { Service, TicketClient } from './client/types.ts';

export type { ConnectionOptions } from './client/connection.ts';
export type * from './client/types.ts';

/** Connects in the background and goes on trying for ever, 200 ms to 5 s apart (on this computer at most 250 ms). */
export function createTicketClient(options: ConnectionOptions): TicketClient {
  const connection = new Connection(options);
  const present = followPresence(connection);

  /** Reads may be made again: once, when the connection broke under them. */
  async function read<Answer>(ask: (service: Service) => Promise<Answer>): Promise<Answer> {
    const session = await connection.ready();
    try {
      return await ask(session.service);
    } catch (thrown) {
      const error = fromGrpc(thrown, 'read');
      if (error.code !== 'UNAVAILABLE' || !session.service.readsAgain) throw error;
      await connection.replaced(session);
    }
    const { service } = await connection.ready();
    return ask(service).catch(rethrowAs('read'));
  }

  /** Writes are made once: whether one that broke was done is not known. */
  async function write<Answer>(make: (service: Service) => Promise<Answer>): Promise<Answer> {
    const { service } = await connection.ready();
    return make(service).catch(rethrowAs('write'));
  }

  return {
    link: connection.link.status,
    tokenAgent: () => connection.tokenAgent(),
    onLink: connection.link.onChange,
    onTicket: connection.onTicket,
    present,
    async healthy() {
      try {
        const { call } = await connection.ready();
        return (await call('HealthCheck', {}, { deadlineMs: probeDeadlineMs })).success;
      } catch {
        return false;
      }
    },
    list: (filter, me) => read((service) => service.list(filter, me)),
    ticket: async (id) => (await read((service) => service.list({ ids: [id] })))[0] ?? null,
    page: (request) => read((service) => service.page(request)),
    countMatches: (filters, me) => read((service) => service.countMatches(filters, me)),
    counts: (text) => read((service) => service.counts(text)),
    // Not waiting: the outbox knows better when to try again.
    createTicket: async (create, options) =>
      connection.current().service.createTicket(create, options).catch(rethrowAs('write')),
    update: (id, changes, options) => write((service) => service.update(id, changes, options)),
    delete: (id, options) => write((service) => service.delete(id, options)),
    restore: (id, options) => write((service) => service.restore(id, options)),
    ticketIds: (filter, me) => read((service) => service.ticketIds(filter, me)),
    async *exportTickets(request) {
      const { service } = await connection.ready();
      try {
        yield* service.exportTickets(request);
      } catch (thrown) {
        throw fromGrpc(thrown, 'read');
      }
    },
    importTickets: (request) => write((service) => service.importTickets(request)),
    changeMany: (request) => write((service) => service.changeMany(request)),
    undoChange: (request) => write((service) => service.undoChange(request)),
    comments: (request) => read((service) => service.comments(request)),
    history: (request) => read((service) => service.history(request)),
    agents: (me) => read((service) => service.agents(me)),
    views: (me) => read((service) => service.views(me)),
    saveView: (view, me) => write((service) => service.saveView(view, me)),
    moveView: (place, me) => write((service) => service.moveView(place, me)),
    deleteView: (id, me) => write((service) => service.deleteView(id, me)),
    addComment: (comment) => write((service) => service.addComment(comment)),
    reportPresence: (presence, agent) => write((service) => service.reportPresence(presence, agent)),
    editComment: (id, body, agent) => write((service) => service.editComment(id, body, agent)),
    deleteComment: (id, agent) => write((service) => service.deleteComment(id, agent)),
    createResults: (requestIds) => read((service) => service.createResults(requestIds)),
    retryNow: () => connection.retryNow(),
    async close() {
      present.stop();
      await connection.close();
    },
  };
}

function rethrowAs(kind: 'read' | 'write') {
  return (thrown: unknown): never => {
    throw fromGrpc(thrown, kind);
  };
}
