/** What an RPC's file gives: how it answers, without anything of gRPC's machinery. */
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Logger } from '../../logger.ts';
import type { Desk } from '../use-cases/desk.ts';
import { toWireError } from './errors.ts';

export type UnaryRpc<Request, Response> = (desk: Desk, request: Request) => Promise<Response>;

export function unary<Request, Response>(
  rpc: UnaryRpc<Request, Response>,
  options: { name: string; desk: Desk; logger: Logger },
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    rpc(options.desk, call.request).then(
      (response) => callback(null, response),
      (thrown) => callback(toWireError(thrown, options.name, options.logger)),
    );
  };
}

/** Proto3 sends no empty text, so an empty one stands for one that was left out. */
export function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}
