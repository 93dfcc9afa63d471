/** A secret that this machine made up, kept in a file that its owner alone can read. */
import { open, readFile, rename } from 'node:fs/promises';
import { makeSecret } from '../secrets.ts';

/** The secret in the file; undefined when there is no such file. */
export async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((thrown) => {
    if (thrown.code === 'ENOENT') return '';
    throw thrown;
  });
  return text.trim() || undefined;
}

/** Writes the secret whole or not at all, and to disk before it resolves. */
async function writeSecret(file: string, secret: string): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** A new secret, in the file. */
export async function makeSecretFile(file: string): Promise<string> {
  const secret = makeSecret();
  await writeSecret(file, secret);
  return secret;
}
