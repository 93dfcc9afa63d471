/**
 * The list as it was on the screen last, with the views beside it: it stands on the page until the page has drawn one of
 * its own, as what draws that takes longer to load than all that comes before.
 */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { inClear, sealing } from '../backend/cipher.ts';
import { writeWholeFile } from '../backend/whole-file.ts';
import type { ListPicture } from '../proto/desktop-bridge.ts';

export interface LastList {
  /** Undefined where none is kept of the ticket service that is in use. Never rejects. */
  read(): Promise<ListPicture | undefined>;
  /** @throws what the disk throws; the one before is kept then. */
  keep(picture: ListPicture): Promise<void>;
  forget(): Promise<void>;
}

export interface LastListOptions {
  file: string;
  /** Tells the ticket service and the desk's version: a picture is of one alone. */
  scope(): string;
  /** By which it is encrypted; undefined: it is kept in clear, as tickets are then. */
  key(): Promise<Buffer | undefined>;
}

export function lastList({ file, scope, key }: LastListOptions): LastList {
  let writing: Promise<unknown> = Promise.resolve();
  /** The scope may hold a token. */
  const name = () => createHash('sha256').update(scope()).digest('base64');
  const cipher = async () => {
    const known = await key();
    return known ? sealing(known) : inClear;
  };
  function inTurn<Result>(write: () => Promise<Result>): Promise<Result> {
    const written = writing.then(write);
    writing = written.catch(() => undefined);
    return written;
  }
  return {
    async read() {
      try {
        const bytes = await readFile(file);
        const { of, ...picture } = JSON.parse((await cipher()).open('last-list', bytes));
        return of === name() ? picture : undefined;
      } catch {
        // There is none, or none that this key opens.
        return undefined;
      }
    },
    keep(picture) {
      const json = JSON.stringify({ of: name(), ...picture });
      return inTurn(async () => writeWholeFile(file, [(await cipher()).seal('last-list', json)]));
    },
    forget: () => inTurn(() => rm(file, { force: true })),
  };
}
