/** Reads what TLS needs from files, and says of each that is not right which one and why. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TlsFiles } from './config.ts';
import { DeskError } from './errors.ts';

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
 * @param prefix of the variables that name the files: GRPC_TLS for GRPC_TLS_CA, GRPC_TLS_CERT and GRPC_TLS_KEY
 * @throws DeskError BAD_USER_INPUT whose field is the variable: half a pair, a file that can't be read, or what is not in PEM.
 */
export async function readTlsFiles(files: TlsFiles, prefix: string): Promise<TlsMaterial> {
  refuseHalfAPair(files, prefix);
  const [ca, cert, key] = await Promise.all(
    (['ca', 'cert', 'key'] as const).map((part) => readPart(files, part, prefix)),
  );
  if (ca) checkCertificate(ca, nameOf(files, 'ca', prefix));
  if (!cert || !key) return { ca, identity: undefined };
  const certificate = checkCertificate(cert, nameOf(files, 'cert', prefix));
  const privateKey = checkKey(key, nameOf(files, 'key', prefix));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw wrong(`${prefix}_KEY`, `${prefix}_CERT and ${prefix}_KEY do not belong together.`);
  }
  return { ca, identity: { cert, key } };
}

/** @throws DeskError BAD_USER_INPUT: a certificate without its key, or a key without its certificate. */
export function refuseHalfAPair(files: TlsFiles, prefix: string): void {
  if ((files.cert === undefined) === (files.key === undefined)) return;
  const [given, missing] =
    files.cert === undefined ? [`${prefix}_KEY`, `${prefix}_CERT`] : [`${prefix}_CERT`, `${prefix}_KEY`];
  throw wrong(missing, `${given} is set and ${missing} is not: a certificate and its key go together.`);
}

interface PartName {
  variable: string;
  /** For the beginning of a sentence. */
  words: string;
}

function nameOf(files: TlsFiles, part: Part, prefix: string): PartName {
  const variable = `${prefix}_${part.toUpperCase()}`;
  return { variable, words: `The ${partNames[part]} ${files[part]} (${variable})` };
}

async function readPart(files: TlsFiles, part: Part, prefix: string): Promise<Buffer | undefined> {
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

function checkCertificate(pem: Buffer, { variable, words }: PartName): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw wrong(variable, `${words} holds no certificate in PEM form.`, cause);
  }
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
