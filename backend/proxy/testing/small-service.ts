/**
 * A ticket service small enough to do what a real one does only in bad moments: refuse, fall silent, be of an older
 * version. It speaks real gRPC; what it keeps is in memory.
 */
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { abilities } from '../../../proto/abilities.ts';
import { ticketServiceDefinition } from '../../../proto/contract-package.ts';
import type { GetServerInfoResponse } from '../../../proto/generated/GetServerInfoResponse.ts';
import type { Ticket__Output } from '../../../proto/generated/Ticket.ts';
import type { WatchTicketsResponse } from '../../../proto/generated/WatchTicketsResponse.ts';
import { ticketValues } from '../../../proto/ticket-fields.ts';

export interface SmallService {
  address: string;
  tickets: Map<number, Ticket__Output>;
  /** The requests of every call, by RPC. */
  calls: { rpc: string; request: unknown; authorization: string | undefined }[];
  /** The next call of this RPC fails so. */
  failNext(rpc: string, code: status, details: string, field?: string): void;
  /** The next call of this RPC kills the service before it answers. Resolves when it has. */
  dieAtNext(rpc: string): Promise<void>;
  /** Sends to every watcher. */
  tell(message: WatchTicketsResponse): void;
  /** How many watch. */
  watchers(): number;
  /** Stops at once; what is under way breaks. */
  stop(): Promise<void>;
}

const heartbeatMs = 5_000;
const base = ['HealthCheck', 'GetTicketList', 'CreateTicket', 'UpdateTicket', 'DeleteTicket'];

export async function startSmallService(options: {
  /** Only the base contract, as an older peer has it. */
  older?: boolean;
  /** What it tells of itself otherwise. */
  tells?: GetServerInfoResponse;
  address?: string;
  /** In clear when left out. */
  credentials?: ServerCredentials;
}): Promise<SmallService> {
  const tickets = new Map<number, Ticket__Output>();
  const calls: SmallService['calls'] = [];
  const failures: { rpc: string; code: status; details: string; field: string | undefined }[] = [];
  const deadly = new Map<string, () => void>();
  const watching = new Set<ServerWritableStream<unknown, WatchTicketsResponse>>();
  const answers = answersOf(tickets, {
    version: '0.0.1',
    abilities: [...abilities],
    ...options.tells,
  });

  function unary(rpc: string) {
    return (call: ServerUnaryCall<never, object>, done: sendUnaryData<object>) => {
      calls.push({
        rpc,
        request: call.request,
        authorization: call.metadata.get('authorization')[0]?.toString(),
      });
      const died = deadly.get(rpc);
      if (died) {
        server.forceShutdown();
        return died();
      }
      const at = failures.findIndex((failure) => failure.rpc === rpc);
      const failure = at < 0 ? undefined : failures.splice(at, 1)[0];
      if (failure) {
        const metadata = new Metadata();
        if (failure.field) metadata.set('error-field', failure.field);
        done({ code: failure.code, details: failure.details, metadata });
      } else if (options.older && !base.includes(rpc)) {
        done({ code: status.UNIMPLEMENTED, details: 'unknown method' });
      } else {
        done(null, answers[lowerFirst(rpc)]?.(call.request) ?? {});
      }
    };
  }

  const server = new Server();
  const handlers: Record<string, unknown> = {};
  for (const rpc of Object.keys(ticketServiceDefinition)) handlers[rpc] = unary(rpc);
  handlers.WatchTickets = (call: ServerWritableStream<unknown, WatchTicketsResponse>) => {
    calls.push({ rpc: 'WatchTickets', request: call.request, authorization: undefined });
    watching.add(call);
    call.on('cancelled', () => watching.delete(call));
    call.write({ kind: 'HEARTBEAT', resumeToken: 'start' });
  };
  // As the real one: a client takes silence for a loss after 12 s, which a file of tests may last.
  const heartbeat = setInterval(() => {
    for (const call of watching) call.write({ kind: 'HEARTBEAT' });
  }, heartbeatMs);
  // As one whose database has stopped: it never gives a block.
  handlers.ExportTickets = (call: ServerWritableStream<unknown, unknown>) => {
    calls.push({ rpc: 'ExportTickets', request: call.request, authorization: undefined });
  };
  server.addService(ticketServiceDefinition, handlers as never);
  const port = await new Promise<number>((resolve, reject) => {
    const { address = '127.0.0.1:0', credentials = ServerCredentials.createInsecure() } = options;
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    address: options.address ?? `127.0.0.1:${port}`,
    tickets,
    calls,
    dieAtNext: (rpc) => new Promise((resolve) => deadly.set(rpc, resolve)),
    failNext: (rpc, code, details, field) => failures.push({ rpc, code, details, field }),
    tell(message) {
      for (const call of watching) call.write(message);
    },
    watchers: () => watching.size,
    async stop() {
      clearInterval(heartbeat);
      server.forceShutdown();
    },
  };
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function answersOf(
  tickets: Map<number, Ticket__Output>,
  told: GetServerInfoResponse,
): Record<string, (request: never) => object> {
  const byRequest = (requestId: string) =>
    [...tickets.values()].find((ticket) => ticket.requestId === requestId);
  const list = () => ({ tickets: [...tickets.values()] });
  function create(request: Ticket__Output) {
    const known = request.requestId ? byRequest(request.requestId) : undefined;
    if (known) return { id: known.id };
    const id = tickets.size + 1;
    const { requestId, dueAt } = request;
    const rest = { createdAt: '', updatedAt: '', dueAt, assignee: null };
    tickets.set(id, { id, ...ticketValues(request), requestId, ...rest, version: 0 });
    return { id };
  }

  return {
    healthCheck: () => ({ success: true }),
    getTicketList: list,
    createTicket: (request: Ticket__Output) => ({ ...create(request), success: true }),
    createTickets: (request: { tickets: Ticket__Output[] }) => ({ outcomes: request.tickets.map(create) }),
    updateTicket(request: { id: number; status: string }) {
      const ticket = tickets.get(request.id);
      if (ticket) ticket.status = request.status;
      return { id: request.id, success: ticket !== undefined };
    },
    deleteTicket: ({ id }: { id: number }) => ({ id, success: tickets.delete(id) }),
    getServerInfo: () => ({ ...told }),
    getCreateResults: ({ requestIds }: { requestIds: string[] }) => ({
      results: requestIds.flatMap((requestId) => {
        const ticket = byRequest(requestId);
        return ticket ? [{ requestId, id: ticket.id }] : [];
      }),
    }),
  };
}
