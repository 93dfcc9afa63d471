/** What an RPC is here: how it answers, without anything of gRPC's machinery. */
import { type handleUnaryCall, status } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { Ticket as TicketMessage } from '../../../proto/generated/Ticket.ts';
import type { TicketServiceDefinition } from '../../../proto/generated/TicketService.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { withoutNulls } from '../../domain/wire-values.ts';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { TicketStorage } from '../use-cases/create-tickets.ts';
import type { Caller, Callers } from './callers.ts';
import { toWireError } from './error-status.ts';

export type UnaryRpc<Request, Response> = (
  storage: TicketStorage,
  request: Request,
  caller: Caller,
) => Promise<Response>;
export type Rpc<Name extends keyof TicketServiceDefinition> =
  TicketServiceDefinition[Name] extends MethodDefinition<infer _, infer Response, infer Request, infer __>
    ? UnaryRpc<Request, Response>
    : never;

export function unary<Request extends object, Response>(
  rpc: UnaryRpc<Request, Response>,
  options: { name: string; storage: TicketStorage; callers: Callers; logger: Logger },
): handleUnaryCall<Request, Response> {
  const { name, storage, callers, logger } = options;
  return (call, callback) => {
    const { request } = call;
    rpc(storage, request, callers.of(call, name, request)).then(
      (response) => {
        tellDebug(logger, 'RPC answered', { rpc: name, request });
        callback(null, response);
      },
      (thrown) => {
        const error = toWireError(thrown, name, logger);
        const code = status[error.code ?? status.UNKNOWN];
        tellDebug(logger, 'RPC refused', { rpc: name, request, code });
        callback(error);
      },
    );
  };
}

/** @param refused what the base contract answers where this one refuses the request */
export function inBaseTerms<Request, Response>(
  rpc: UnaryRpc<Request, Response>,
  refused: (request: Request) => Response,
): UnaryRpc<Request, Response> {
  return async (storage, request, caller) => {
    try {
      return await rpc(storage, request, caller);
    } catch (thrown) {
      const isRefusal = thrown instanceof DeskError && thrown.code === 'BAD_USER_INPUT';
      if (caller.isBase && isRefusal) return refused(request);
      throw thrown;
    }
  };
}

/** A line for each create, which is followed by its requestId through every log. */
function tellDebug(
  logger: Logger,
  text: string,
  { request, ...told }: { request: object; rpc: string; code?: string },
) {
  if (!logger.isLevelEnabled('debug')) return;
  const { requestId, tickets = [] } = request as { requestId?: string; tickets?: { requestId?: string }[] };
  const ids = [requestId, ...tickets.map((one) => one.requestId)].filter(Boolean);
  if (ids.length === 0) logger.debug(told, text);
  for (const id of ids) logger.debug({ ...told, requestId: id }, text);
}

/** Proto3 sends no empty text, so an empty one stands for one that was left out. */
export function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** Nor does it send an empty list. One value given twice is one. */
export function givenList<Value>(values: readonly Value[]): readonly Value[] | undefined {
  return values.length === 0 ? undefined : [...new Set(values)];
}

export function toMessage(ticket: Ticket): TicketMessage {
  return withoutNulls(ticket);
}
