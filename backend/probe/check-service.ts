/** Whether a ticket service answers at an address, said as an answer for each way in which it may not. */
import { type ServiceError, status } from '@grpc/grpc-js';
import type { CheckCode, ServiceCheck } from '../../proto/desktop-bridge.ts';
import { hostAndPort } from '../../proto/service-address.ts';
import type { TlsFiles } from '../config.ts';
import { probeDeadlineMs } from '../proxy/client/calls.ts';
import { isServiceError } from '../proxy/client/grpc-errors.ts';
import { openSession, type Session } from '../proxy/client/session.ts';
import { aboutQueue, aboutVersion, standingOf } from '../proxy/client/versions.ts';
import { connectHttp2 } from './connect-http2.ts';
import { type Patience, ProbeFailure, probed } from './probe-failure.ts';

export interface ServiceProbe extends Patience {
  /** `host:port`, of the right form, or `unix:/path`. */
  address: string;
  /** Undefined: in clear. */
  tls: TlsFiles | undefined;
  apiToken: string | undefined;
  /** Where this desk would file creates; undefined: straight at the service. */
  queueTopic: string | undefined;
  /** This desk's own. */
  version: string;
}

/** Never rejects; takes some seconds at most. */
export async function checkService(options: ServiceProbe): Promise<ServiceCheck> {
  const isSocket = options.address.startsWith('unix:');
  const place = isSocket ? { host: options.address, port: 0 } : hostAndPort(options.address);
  const check = await probed<ServiceCheck>(place, options, async (signal) => {
    if (!isSocket) await connectHttp2(place, options.tls, signal);
    return await askService(options, signal);
  });
  return { queueRemark: null, ...check };
}

async function askService(options: ServiceProbe, signal: AbortSignal): Promise<ServiceCheck> {
  let session: Session | undefined;
  try {
    session = await untilAborted(openSession(options), signal);
    return await judge(session, options, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw isServiceError(thrown) ? refused(thrown, options) : thrown;
  } finally {
    session?.close();
  }
}

/** A session that comes too late is closed. */
async function untilAborted(opening: Promise<Session>, signal: AbortSignal): Promise<Session> {
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (thrown) {
    opening.then(
      (late) => late.close(),
      () => {},
    );
    throw thrown;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Asks for the service's health: any other gRPC server does not know that call. */
async function judge(session: Session, options: ServiceProbe, signal: AbortSignal): Promise<ServiceCheck> {
  const startedAt = performance.now();
  const { success } = await session.call('HealthCheck', {}, { deadlineMs: probeDeadlineMs, signal });
  const took = `${Math.max(1, Math.round(performance.now() - startedAt))} ms`;
  const queueRemark = aboutQueue(session, options.queueTopic);
  const warning = (code: CheckCode, text: string): ServiceCheck => ({
    tone: 'warning',
    code,
    text: `${text} (${took})`,
    queueRemark,
  });
  if (!success) {
    return warning('unhealthy', 'It answers, but its database does not. You can save; what you file waits.');
  }
  const standing = standingOf(session, options.version);
  const remark = aboutVersion(session, options.version);
  if (standing !== 'fits' && remark) return warning(standing, `${remark} You can save.`);
  return { tone: 'ok', code: 'ok', text: `Ticket Desk service ${session.version}, ${took}`, queueRemark };
}

function refused(error: ServiceError, { address, apiToken }: ServiceProbe): ProbeFailure {
  if (error.code === status.UNAUTHENTICATED || error.code === status.PERMISSION_DENIED) {
    return apiToken === undefined
      ? new ProbeFailure(
          'needs-token',
          'The ticket service demands a token. Type the one that its operator gave you.',
        )
      : new ProbeFailure(
          'wrong-token',
          'The ticket service refuses this token. Check it, or ask its operator for a new one.',
        );
  }
  if (error.code === status.UNIMPLEMENTED) {
    return new ProbeFailure(
      'wrong-server',
      `What answers at ${address} speaks gRPC but is no ticket service. Check the port.`,
    );
  }
  return new ProbeFailure(
    'unreachable',
    `The ticket service at ${address} does not answer as it should: ${error.details}`,
  );
}
