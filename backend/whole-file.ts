/** Files that are there whole or not at all. */
import { open, rename, rm } from 'node:fs/promises';

/** So much is gathered before it is written (characters or bytes). */
const gathered = 256 * 1024;

interface WholeFileOptions {
  /** Where it is written first; a file of this name is lost. */
  beside?: string;
  /** Looks at what was written before it has its name; what it throws is thrown on. */
  check?: (beside: string) => Promise<unknown>;
  signal?: AbortSignal | undefined;
}

/**
 * Writes beside the file and renames when all of it is on the disk: until then, and where it fails, the file of that name
 * is what it was. Each part is asked for when those before it have been written.
 * @throws what the disk or the parts throw, and the signal's reason
 */
export async function writeWholeFile(
  path: string,
  parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  { beside = `${path}.part`, check, signal }: WholeFileOptions = {},
): Promise<void> {
  try {
    const file = await open(beside, 'w', 0o600);
    try {
      let waiting: (string | Uint8Array)[] = [];
      let length = 0;
      const flush = async () => {
        for (const part of joined(waiting)) await file.appendFile(part);
        [waiting, length] = [[], 0];
      };
      for await (const part of parts) {
        signal?.throwIfAborted();
        waiting.push(part);
        length += part.length;
        if (length >= gathered) await flush();
      }
      await flush();
      await file.sync();
    } finally {
      await file.close();
    }
    await check?.(beside);
    signal?.throwIfAborted();
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  }
}

/** Texts that come one after the other are written as one. */
function joined(parts: readonly (string | Uint8Array)[]): readonly (string | Uint8Array)[] {
  return parts.every((part) => typeof part === 'string') ? [parts.join('')] : parts;
}
