/** Reads what TLS needs from files, and says of each that is not right which one and why. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DeskError } from './errors.ts';

/** Paths of PEM files. Without a CA those are trusted that Node brings, and those of NODE_EXTRA_CA_CERTS. */
export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

/** All in PEM. */
export interface TlsMaterial {
  /** Whom to trust; undefined: those that this system trusts. */
  ca: Buffer | undefined;
  /** What to show of oneself. */
  identity: { cert: Buffer; key: Buffer } | undefined;
}

type Part = keyof TlsFiles;

const partNames: Record<Part, string> = {
  ca: "certificate authority's file",
  cert: 'certificate file',
  key: 'private key file',
};

/**
 * @param prefix of the variables that name the files: GRPC_TLS for GRPC_TLS_CA, GRPC_TLS_CERT and GRPC_TLS_KEY; null
 * when they were chosen otherwise
 * @throws DeskError BAD_USER_INPUT whose field is the variable: half a pair, a file that can't be read, or what is not in PEM.
 */
export async function readTlsFiles(files: TlsFiles, prefix: string | null): Promise<TlsMaterial> {
  refuseHalfAPair(files, prefix);
  const [ca, cert, key] = await Promise.all(
    (['ca', 'cert', 'key'] as const).map((part) => readPart(files, part, prefix)),
  );
  if (ca) checkCertificate(ca, nameOf(files, 'ca', prefix));
  if (!cert || !key) return { ca, identity: undefined };
  const shown = checkCertificate(cert, nameOf(files, 'cert', prefix));
  const privateKey = checkKey(key, nameOf(files, 'key', prefix));
  const own = shown.findIndex((certificate) => certificate.checkPrivateKey(privateKey));
  const { cert: certName, key: keyName } = labels(prefix);
  if (own === -1) throw wrong(keyName, `${certName} and ${keyName} do not belong together.`);
  if (own > 0) {
    const order = 'put the one that belongs to the key first, and those that sign it behind it';
    throw wrong(
      certName,
      `${certName} holds its certificates in another order than TLS shows them: ${order}.`,
    );
  }
  return { ca, identity: { cert, key } };
}

/** All that a file of PEM holds, in its order. @throws what OpenSSL says of the first that can't be read */
export function certificatesIn(pem: string | Buffer): X509Certificate[] {
  const blocks = pem.toString('latin1').split(/^(?=-----BEGIN )/m);
  return blocks
    .filter((block) => /^-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(block))
    .map((block) => new X509Certificate(block));
}

/** @throws DeskError BAD_USER_INPUT: a certificate without its key, or a key without its certificate. */
export function refuseHalfAPair(files: TlsFiles, prefix: string | null): void {
  if ((files.cert === undefined) === (files.key === undefined)) return;
  const { cert, key } = labels(prefix);
  const [given, missing] = files.cert === undefined ? [key, cert] : [cert, key];
  throw wrong(missing, `${given} is set and ${missing} is not: a certificate and its key go together.`);
}

/** How each part is called. */
function labels(prefix: string | null): Record<Part, string> {
  if (prefix === null) return { ca: 'The CA file', cert: 'The certificate', key: 'the key' };
  return { ca: `${prefix}_CA`, cert: `${prefix}_CERT`, key: `${prefix}_KEY` };
}

interface PartName {
  variable: string;
  /** For the beginning of a sentence. */
  words: string;
}

function nameOf(files: TlsFiles, part: Part, prefix: string | null): PartName {
  const variable = labels(prefix)[part];
  const named = prefix === null ? '' : ` (${variable})`;
  return { variable, words: `The ${partNames[part]} ${files[part]}${named}` };
}

async function readPart(files: TlsFiles, part: Part, prefix: string | null): Promise<Buffer | undefined> {
  const path = files[part];
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (cause) {
    const { variable, words } = nameOf(files, part, prefix);
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `check its rights (${code})`;
    throw wrong(variable, `${words} can't be read: ${why}.`, cause);
  }
}

function checkCertificate(pem: Buffer, { variable, words }: PartName): X509Certificate[] {
  let found: X509Certificate[];
  try {
    found = certificatesIn(pem);
  } catch (cause) {
    throw wrong(variable, `${words} holds a certificate that can't be read, or that is cut.`, cause);
  }
  if (found.length === 0) throw wrong(variable, `${words} holds no certificate in PEM form.`);
  return found;
}

function checkKey(pem: Buffer, { variable, words }: PartName) {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const message = `${words} holds no private key in PEM form that opens without a passphrase.`;
    throw wrong(variable, message, cause);
  }
}

function wrong(field: string, message: string, cause?: unknown): DeskError {
  return new DeskError('BAD_USER_INPUT', message, { field, cause });
}
