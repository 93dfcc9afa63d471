/** The files that come in, piece by piece, so that neither end holds more than a piece, and a broken connection goes on where it was. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { diskError, diskRemedy } from '../../disk-errors.ts';
import { DeskError } from '../../errors.ts';

/** A number of 32 bits counts them. */
const maxFileBytes = 2 ** 31 - 1;
const maxUploads = 20;
/** A file of which nothing came for so long is let go. */
const patienceMs = 60 * 60 * 1000;

export class Uploads {
  readonly #folder: string;
  readonly #receiving = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(id: string): string {
    return join(this.#folder, `${id}.upload`);
  }

  /** How much of it is here; 0: nothing. */
  async bytesOf(id: string): Promise<number> {
    return stat(this.pathOf(id)).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /**
   * Adds a piece to a file, if it is the one that comes next.
   * @param at how many bytes of the file are before it
   * @returns how many are here now, where the next one begins
   * @throws DeskError CONFLICT: others are on their way. BAD_USER_INPUT: the file is too large. UNAVAILABLE: the disk or the connection.
   */
  async receive(id: string, at: number, body: ReadableStream<Uint8Array> | null): Promise<number> {
    if (this.#receiving.has(id))
      throw new DeskError('CONFLICT', 'A piece of this file is on its way already.');
    this.#receiving.add(id);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const here = await this.bytesOf(id);
      if (here === 0) await this.#makeRoom();
      if (here === at && body) await this.#append(id, here, body);
      else await body?.cancel();
      return await this.bytesOf(id);
    } finally {
      this.#receiving.delete(id);
    }
  }

  async #append(id: string, here: number, body: ReadableStream<Uint8Array>): Promise<void> {
    let bytes = here;
    async function* limited(pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        bytes += piece.length;
        if (bytes > maxFileBytes) throw tooLarge();
        yield piece;
      }
    }
    const file = createWriteStream(this.pathOf(id), { flags: 'a', mode: 0o600 });
    try {
      await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), limited, file);
    } catch (thrown) {
      if (thrown instanceof DeskError) throw thrown;
      if (diskRemedy(thrown)) throw diskError(thrown, this.#folder);
      throw new DeskError(
        'UNAVAILABLE',
        'The connection broke before this piece was here. Send what is missing.',
        { cause: thrown },
      );
    }
  }

  /** Removes those of which nothing came for an hour. @returns how many are left */
  async forgetOld(): Promise<number> {
    const names = await readdir(this.#folder).catch(() => []);
    const paths = names.filter(isUpload).map((name) => join(this.#folder, name));
    const ages = await Promise.all(
      // A wrong clock, then or now, makes a file of the future.
      paths.map(async (path) => ({ path, ms: Math.abs(Date.now() - (await stat(path)).mtimeMs) })),
    );
    const old = ages.filter(({ ms }) => ms > patienceMs);
    for (const { path } of old) await rm(path, { force: true });
    return ages.length - old.length;
  }

  /** @throws DeskError CONFLICT */
  async #makeRoom(): Promise<void> {
    if ((await this.forgetOld()) >= maxUploads)
      throw new DeskError(
        'CONFLICT',
        `${maxUploads} other files are on their way already. Let one of them end first.`,
      );
  }
}

/** Whether a file of that name is one that has not all come in. */
export function isUpload(name: string): boolean {
  return name.endsWith('.upload');
}

function tooLarge(): DeskError {
  return new DeskError('BAD_USER_INPUT', `A file of less than 2 GiB can be imported. Import it in parts.`);
}
