/**
 * One connection to the ticket service, from the moment it answers until it is lost. Its own channel, so that when to
 * try again is decided in one place and not in grpc-js as well.
 */
import { type ChannelOptions, credentials, Metadata } from '@grpc/grpc-js';
import { TicketServiceClient } from '../../../proto/contract-package.ts';
import type { TicketServiceClient as Stub } from '../../../proto/generated/TicketService.ts';
import { deadlinesMs, unary } from './calls.ts';
import { isUnimplemented } from './grpc-errors.ts';

export interface Session {
  readonly stub: Stub;
  /** Carries the token; pass it to every call. */
  readonly metadata: Metadata;
  /** Null from a service that has only the base contract. */
  readonly version: string | null;
  /** The extension RPCs that it has; none from an older service. */
  readonly abilities: ReadonlySet<string>;
  close(): void;
}

const channelOptions: ChannelOptions = {
  // Without these a frozen service would hang a stream for ever.
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 3_000,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
  // Subchannels kept by the process would bring their own backoff into a new connection.
  'grpc.use_local_subchannel_pool': 1,
  // 1,000 tickets of the longest text are larger than the 4 MiB that grpc-js takes unasked.
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
};

/** @throws ServiceError of grpc-js when the service does not answer or refuses. */
export async function openSession(address: string, apiToken: string | undefined): Promise<Session> {
  const stub = new TicketServiceClient(address, credentials.createInsecure(), channelOptions);
  const metadata = new Metadata();
  if (apiToken !== undefined) metadata.set('authorization', `Bearer ${apiToken}`);
  try {
    const info = await unary<{ version: string; abilities: string[] }>(
      (options, done) => stub.getServerInfo({}, metadata, options, done),
      { deadlineMs: deadlinesMs.probe },
    ).catch((thrown: unknown) => {
      if (isUnimplemented(thrown)) return { version: '', abilities: [] };
      throw thrown;
    });
    return {
      stub,
      metadata,
      version: info.version || null,
      abilities: new Set(info.abilities),
      close: () => stub.close(),
    };
  } catch (thrown) {
    stub.close();
    throw thrown;
  }
}
