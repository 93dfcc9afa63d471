/**
 * One connection to the ticket service, from the moment it answers until it is lost. Its own channel, so that when to
 * try again is decided in one place and not in grpc-js as well.
 */
import { type ChannelCredentials, type ChannelOptions, credentials, Metadata, status } from '@grpc/grpc-js';
import { abilities } from '../../../proto/abilities.ts';
import { TicketServiceClient } from '../../../proto/contract-package.ts';
import type { TlsFiles } from '../../config.ts';
import { readAgent } from '../../domain/agent.ts';
import { readTlsFiles } from '../../tls-files.ts';
import { baseContract } from './base-contract.ts';
import { type Call, channelOf, probeDeadlineMs } from './calls.ts';
import { unlessNothingFits } from './fits-nothing.ts';
import { isServiceError } from './grpc-errors.ts';
import type { Service } from './types.ts';
import type { Told } from './versions.ts';
import { wholeContract } from './whole-contract.ts';

export interface Session extends Told {
  readonly service: Service;
  readonly call: Call;
  /** Aborts with the reason when the session is given up, though it may look open. */
  readonly lost: AbortSignal;
  giveUp(reason: unknown): void;
  close(): void;
}

const channelOptions: ChannelOptions = {
  // Without these a frozen service would hang a stream for ever.
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 3_000,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
  // Work in every call, for a page about it that nobody serves.
  'grpc.enable_channelz': 0,
  // Subchannels kept by the process would bring their own backoff into a new connection.
  'grpc.use_local_subchannel_pool': 1,
  // A proxy that the environment names is for the web: it would be asked to dial this computer, or the team's network.
  'grpc.enable_http_proxy': 0,
  // 1,000 tickets of the longest text are larger than the 4 MiB that grpc-js takes unasked.
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
};

export interface SessionOptions {
  /** `host:port`, or `unix:/path` of a socket. */
  address: string;
  apiToken?: string | undefined;
  /** Undefined: in clear. The files are read anew for each session, so that renewed ones go for the next. */
  tls?: TlsFiles | undefined;
  /** What this desk tells of itself. */
  version: string;
}

/**
 * @throws ServiceError of grpc-js when the service does not answer or refuses
 * @throws DeskError BAD_USER_INPUT: a file for TLS is not right
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { address, apiToken, tls, version } = options;
  const stub = new TicketServiceClient(address, await channelCredentials(tls), channelOptions);
  const metadata = new Metadata();
  if (apiToken !== undefined) metadata.set('authorization', `Bearer ${apiToken}`);
  const channel = channelOf(stub, metadata);
  try {
    const told = await shakeHands(channel.call, version);
    const loss = new AbortController();
    return {
      ...told,
      service: unlessNothingFits((told.lacks.length > 0 ? baseContract : wholeContract)(channel)),
      call: channel.call,
      lost: loss.signal,
      giveUp: (reason) => loss.abort(reason),
      close: () => stub.close(),
    };
  } catch (thrown) {
    stub.close();
    throw thrown;
  }
}

/** A service of the base contract has no such RPC. */
async function shakeHands(call: Call, ownVersion: string): Promise<Told> {
  const hello = { version: ownVersion, abilities: [...abilities] };
  try {
    const told = await call('GetServerInfo', hello, { deadlineMs: probeDeadlineMs });
    const { version, queueTopic } = told;
    const agent = readAgent(told.agent);
    return {
      version,
      queueTopic,
      agent,
      lacks: abilities.filter((ability) => !told.abilities.includes(ability)),
    };
  } catch (thrown) {
    if (!isServiceError(thrown) || thrown.code !== status.UNIMPLEMENTED) throw thrown;
    return { version: null, queueTopic: null, agent: undefined, lacks: abilities };
  }
}

async function channelCredentials(tls: TlsFiles | undefined): Promise<ChannelCredentials> {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, identity } = await readTlsFiles(tls, 'GRPC_TLS');
  return credentials.createSsl(ca, identity?.key, identity?.cert);
}
