/** A secret that this machine made up, kept in a file that its owner alone can read. */
import { readFile } from 'node:fs/promises';
import { makeSecret } from '../secrets.ts';
import { writeWholeFile } from '../whole-file.ts';

/** The secret in the file; undefined when there is no such file. */
export async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((thrown) => {
    if (thrown.code === 'ENOENT') return '';
    throw thrown;
  });
  return text.trim() || undefined;
}

/** A new secret, in the file, and on the disk before it resolves. */
export async function makeSecretFile(file: string): Promise<string> {
  const secret = makeSecret();
  await writeWholeFile(file, [`${secret}\n`]);
  return secret;
}
