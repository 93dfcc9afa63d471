/** How the service's port speaks: in clear, or by TLS with certificates that may be renewed while it runs. */
import { X509Certificate } from 'node:crypto';
import { experimental, ServerCredentials } from '@grpc/grpc-js';
import type { TlsFiles } from '../../config.ts';
import { DeskError, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { isLoopback } from '../../loopback.ts';
import type { ApiTokens } from '../../secrets.ts';
import { certificatesIn, readTlsFiles, type TlsMaterial } from '../../tls-files.ts';

const lookEveryMs = 10_000;
const dayMs = 86_400_000;
/** A certificate is to be renewed when this much of its time is left, and those of years when this many days are. */
const lastPart = 1 / 6;
const lastDays = 14;

export interface AccessOptions {
  /** What is bound: `host:port` or `unix:/path`. */
  grpcAddress: string;
  /** Undefined: in clear. */
  grpcTls?: TlsFiles | undefined;
  tokens: ApiTokens;
  /** Addresses that need no token for the base contract. */
  admitWithoutToken?: readonly string[] | undefined;
  logger: Logger;
}

/** With both sides' certificates: nobody gets as far as a call without one of the authority's. */
function isMutual(tls: TlsFiles | undefined): boolean {
  return tls?.ca !== undefined;
}

/**
 * A service that other computers reach must not be open to all of them. On this computer alone it may be: older
 * proxies have no token.
 * @throws DeskError BAD_USER_INPUT: it would demand neither a token nor a certificate.
 */
function refuseOpenDoor(options: AccessOptions): void {
  const { grpcAddress, grpcTls, tokens, logger } = options;
  if (grpcAddress.startsWith('unix:')) return;
  const isOpen = !tokens.demanded && !isMutual(grpcTls);
  if (isLoopback(grpcAddress.replace(/:\d+$/, ''))) {
    if (isOpen)
      logger.warn(
        'every user of this computer can read and change tickets: set API_TOKENS to demand a token',
      );
    return;
  }
  if (isOpen) {
    throw new DeskError(
      'BAD_USER_INPUT',
      `GRPC_ADDRESS ${grpcAddress} is open to other computers, and nothing is demanded of them. Set API_TOKENS, or demand certificates by GRPC_TLS_CA.`,
      { field: 'API_TOKENS' },
    );
  }
  if (!grpcTls)
    logger.warn('tickets and tokens cross the network in clear: set GRPC_TLS_CERT and GRPC_TLS_KEY');
}

/**
 * With certificate and key: TLS 1.2 or later. With a CA too: callers must show a certificate of it.
 * The files are looked at every 10 s; new ones go for the connections that are made from then on.
 * @throws DeskError BAD_USER_INPUT naming the variable: a file is missing, can't be read, or is not right; or other
 * computers could reach the service and nothing would be demanded of them.
 */
export async function openServerCredentials(
  options: AccessOptions,
): Promise<{ credentials: ServerCredentials; close(): void }> {
  const { grpcTls: tls, logger, admitWithoutToken } = options;
  refuseOpenDoor(options);
  if (admitWithoutToken) {
    logger.warn(
      { addresses: admitWithoutToken },
      'GRPC_ADMIT_WITHOUT_TOKEN lets these addresses read, change and delete every ticket without a token: name those of older proxies alone, and take them out as soon as these are gone',
    );
  }
  if (tls === undefined) return { credentials: ServerCredentials.createInsecure(), close() {} };
  const first = await readTlsFiles(tls, 'GRPC_TLS');
  if (first.identity === undefined) {
    const message =
      'A ticket service that speaks TLS needs a certificate: set GRPC_TLS_CERT and GRPC_TLS_KEY.';
    throw new DeskError('BAD_USER_INPUT', message, { field: 'GRPC_TLS_CERT' });
  }
  const atStart = daysProblem(first);
  if (atStart) logger.error(atStart);
  const warn = warningOfEnd(logger);
  warn(first);
  const provider = createProvider(first);
  let told = atStart;
  const look = async () => {
    try {
      const found = await readTlsFiles(tls, 'GRPC_TLS');
      const problem = daysProblem(found);
      if (problem) throw new DeskError('BAD_USER_INPUT', problem, { field: 'GRPC_TLS_CERT' });
      provider.offer(found);
      warn(found);
      told = undefined;
    } catch (err) {
      const { message } = toDeskError(err);
      if (message === told) return;
      told = message;
      logger.error({ err }, "the TLS files can't be used as they are now: those read before still hold");
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  // Own certificate first, authority second; the types of 1.14 name them the other way round.
  const credentials = experimental.createCertificateProviderServerCredentials(
    provider,
    isMutual(tls) ? provider : null,
    isMutual(tls),
  );
  return { credentials, close: () => clearInterval(timer) };
}

/** Why every caller refuses what is shown, which the service itself would never notice. */
function daysProblem({ identity }: TlsMaterial): string | undefined {
  if (!identity) return undefined;
  const { validFrom, validTo } = new X509Certificate(identity.cert);
  const now = Date.now();
  if (now >= Date.parse(validFrom) && now <= Date.parse(validTo)) return undefined;
  return `The certificate of GRPC_TLS_CERT is good from ${validFrom} to ${validTo}, not now, so callers refuse it. Renew it, or set this computer's clock right.`;
}

/** Warns of the end of what is shown, once a day, though it be that of one which only signs the service's own. */
export function warningOfEnd(
  logger: Logger,
): (material: { identity: { cert: string | Buffer } | undefined }) => void {
  let toldOnDay: number | undefined;
  return ({ identity }) => {
    if (!identity) return;
    const shown = certificatesIn(identity.cert);
    const nowMs = Date.now();
    // That the service's own is over is told otherwise; an authority's own, who trusts it has itself.
    const late = shown.find(
      (one, at) =>
        isLate(one, nowMs) && (at === 0 ? nowMs <= Date.parse(one.validTo) : one.subject !== one.issuer),
    );
    const day = Math.floor(nowMs / dayMs);
    if (!late || day === toldOnDay) return;
    toldOnDay = day;
    const which =
      late === shown[0] ? 'The certificate' : `A certificate (${late.subject.replaceAll('\n', ', ')})`;
    logger.warn(
      `${which} of GRPC_TLS_CERT is good until ${late.validTo} only: renew it, or callers refuse it then.`,
    );
  };
}

function isLate({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  const [fromMs, toMs] = [Date.parse(validFrom), Date.parse(validTo)];
  return toMs - nowMs < Math.min((toMs - fromMs) * lastPart, lastDays * dayMs);
}

type Provider = experimental.CertificateProvider & { offer(material: TlsMaterial): void };

/** Holds what was read last and right: grpc-js's own reader of files would drop every caller for a wrong one. */
function createProvider(first: TlsMaterial): Provider {
  const caListeners = new Set<experimental.CaCertificateUpdateListener>();
  const identityListeners = new Set<experimental.IdentityCertificateUpdateListener>();
  let now = first;
  const caUpdate = () => (now.ca ? { caCertificate: now.ca } : null);
  const identityUpdate = () =>
    now.identity ? { certificate: now.identity.cert, privateKey: now.identity.key } : null;
  return {
    offer(material) {
      now = material;
      for (const listener of caListeners) listener(caUpdate());
      for (const listener of identityListeners) listener(identityUpdate());
    },
    addCaCertificateListener(listener) {
      caListeners.add(listener);
      process.nextTick(listener, caUpdate());
    },
    removeCaCertificateListener: (listener) => void caListeners.delete(listener),
    addIdentityCertificateListener(listener) {
      identityListeners.add(listener);
      process.nextTick(listener, identityUpdate());
    },
    removeIdentityCertificateListener: (listener) => void identityListeners.delete(listener),
  };
}
