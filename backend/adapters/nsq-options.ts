/** What queue and source need to know of NSQ, and what is wrong when nsqd cannot be used, in words for the person. */

/** Paths of PEM files. Without a CA the system's own are trusted. */
export interface NsqTlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

export interface NsqSecurity {
  /** Undefined: in clear. */
  tls: NsqTlsFiles | undefined;
  /** For nsqd's AUTH. */
  authSecret: string | undefined;
}

export interface NsqdAddress {
  host: string;
  port: number;
}

/** @param address `host:port`; an IPv6 address in brackets */
export function parseAddress(address: string): NsqdAddress {
  const { hostname, port } = new URL(`tcp://${address}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Errors by their code: of sockets and TLS (Node), or the first word of nsqd's error frame. */
const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it broke off the connection',
  EPIPE: 'it broke off the connection',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host can’t be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is of no authority trusted here (NSQ_TLS_CA)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of no authority trusted here (NSQ_TLS_CA)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of no authority trusted here (NSQ_TLS_CA)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of no authority trusted here (NSQ_TLS_CA)',
  CERT_SIGNATURE_FAILURE: 'its certificate is of no authority trusted here (NSQ_TLS_CA)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not good yet, by the clock of this side',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'it wants a certificate of this side (NSQ_TLS_CERT, NSQ_TLS_KEY)',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the certificate of this side has expired (NSQ_TLS_CERT)',
  E_NO_TLS: 'it offers no TLS, and in clear nothing is sent to it (NSQ_TLS)',
  E_AUTH_FIRST: 'it wants a secret (NSQ_AUTH_SECRET)',
  E_AUTH_FAILED: 'its auth server does not accept the secret (NSQ_AUTH_SECRET), or is not reachable',
  E_AUTH_DISABLED: 'it takes no secret (NSQ_AUTH_SECRET)',
  E_PUB_FAILED: 'it can’t store what it is sent: its disk may be full, its log has the reason',
  E_UNAUTHORIZED: 'the secret does not open this topic (NSQ_AUTH_SECRET)',
};

/** A short clause; the error's own text where it is of no known kind. */
export function reasonOf(error: Error & { code?: unknown; path?: unknown }): string {
  const { code, path, message } = error;
  if (typeof path === 'string') return `the file ${path} can’t be read (${code})`;
  if (/TLS required/.test(message)) return 'it wants TLS (NSQ_TLS)';
  const known = typeof code === 'string' ? code : /^E_\w+/.exec(message)?.[0];
  if (known && reasons[known]) return reasons[known];
  // Every other alert on a certificate, by which OpenSSL tells what the other side found wrong with it.
  if (/ALERT.*(CERTIFICATE|UNKNOWN_CA)/.test(known ?? ''))
    return 'it does not accept the certificate of this side (NSQ_TLS_CERT, NSQ_TLS_KEY)';
  return message;
}
