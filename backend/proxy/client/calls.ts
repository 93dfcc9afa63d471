/** The RPCs of one channel: the unary ones as promises, always with a deadline. */
import type { ClientReadableStream, Metadata } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { ticketServiceDefinition } from '../../../proto/contract-package.ts';
import type { ExportTicketsRequest } from '../../../proto/generated/ExportTicketsRequest.ts';
import type { ExportTicketsResponse__Output } from '../../../proto/generated/ExportTicketsResponse.ts';
import type { TicketServiceClient, TicketServiceDefinition } from '../../../proto/generated/TicketService.ts';
import type { WatchTicketsRequest } from '../../../proto/generated/WatchTicketsRequest.ts';
import type { WatchTicketsResponse__Output } from '../../../proto/generated/WatchTicketsResponse.ts';
import { type Agent, agentKey, encodeAgent } from '../../domain/agent.ts';

export const probeDeadlineMs = 5_000;
const deadlineMs = 10_000;

/** Without the index signature of grpc-js's ServiceDefinition. */
type Contract = {
  [R in keyof TicketServiceDefinition as string extends R
    ? never
    : number extends R
      ? never
      : R]: TicketServiceDefinition[R];
};
type Rpc = Exclude<keyof Contract, 'WatchTickets' | 'ExportTickets'>;
type Message<R extends Rpc> = Contract[R] extends {
  requestSerialize: (request: infer Request) => Buffer;
  responseDeserialize: (bytes: Buffer) => infer Answer;
}
  ? { request: Request; answer: Answer }
  : never;

/** Waits 10 s unless told otherwise. Rejects with grpc-js's ServiceError. */
export type Call = <R extends Rpc>(
  rpc: R,
  request: Message<R>['request'],
  options?: { deadlineMs?: number; signal?: AbortSignal; agent?: Agent | undefined },
) => Promise<Message<R>['answer']>;

export interface Channel {
  call: Call;
  watchTickets(request: WatchTicketsRequest): ClientReadableStream<WatchTicketsResponse__Output>;
  exportTickets(
    request: ExportTicketsRequest,
    agent: Agent | undefined,
  ): ClientReadableStream<ExportTicketsResponse__Output>;
}

/** @param metadata goes with every call. */
export function channelOf(client: TicketServiceClient, metadata: Metadata): Channel {
  /** Who acts is told beside what is asked. */
  function metadataOf(agent: Agent | undefined): Metadata {
    if (!agent) return metadata;
    const own = metadata.clone();
    own.set(agentKey, encodeAgent(agent));
    return own;
  }

  return {
    watchTickets: (request) => client.watchTickets(request, metadata),
    exportTickets: (request, agent) => client.exportTickets(request, metadataOf(agent)),
    call: (rpc, request, { signal, agent, ...options } = {}) =>
      new Promise((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = ticketServiceDefinition[
          rpc
        ] as MethodDefinition<unknown, unknown>;
        const cancel = () => call.cancel();
        // grpc-js wants a moment of the calendar, and makes a timer of it in the same turn.
        const deadline = Date.now() + (options.deadlineMs ?? deadlineMs);
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadataOf(agent),
          { deadline },
          (error, answer) => {
            signal?.removeEventListener('abort', cancel);
            if (error) reject(error);
            else resolve(answer as never);
          },
        );
        if (signal?.aborted) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      }),
  };
}
