import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder, checkIntegrity, fillAtomically } from './electron-fallback.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticket-desk-fallback-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Above the kernel's highest process id, so that it is never running. */
const deadPid = 2 ** 22 + 1;

describe('the fallback runtime', () => {
  test('is kept in XDG_CACHE_HOME, or in ~/.cache', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches', HOME: '/home/ann' })).toBe('/caches/ticket-desk');
    for (const XDG_CACHE_HOME of ['', 'here', undefined]) {
      expect(cacheFolder({ XDG_CACHE_HOME, HOME: '/home/ann' })).toBe('/home/ann/.cache/ticket-desk');
    }
  });

  test('accepts the file that was expected and refuses one that differs in a byte', async () => {
    const path = join(folder, 'archive.tgz');
    const integrity = 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=';
    writeFileSync(path, 'hello');
    await expect(checkIntegrity(path, integrity)).resolves.toBeUndefined();
    writeFileSync(path, 'hellp');
    await expect(checkIntegrity(path, integrity)).rejects.toThrow(
      /archive.tgz is not the file that was expected/,
    );
  });

  test('begins again after a download that was killed, and leaves nothing of it', async () => {
    const target = join(folder, 'runtime');
    const torn = join(folder, `runtime.partial-${deadPid}`);
    mkdirSync(torn);
    writeFileSync(join(torn, 'electron'), 'half');
    await fillAtomically(target, async (partial) => writeFileSync(join(partial, 'electron'), 'whole'));
    expect(readFileSync(join(target, 'electron'), 'utf8')).toBe('whole');
    expect(readdirSync(folder)).toEqual(['runtime']);
  });

  test('is not there at all when filling it fails', async () => {
    const filling = fillAtomically(join(folder, 'runtime'), async (partial) => {
      writeFileSync(join(partial, 'electron'), 'half');
      throw new Error('the link went away');
    });
    await expect(filling).rejects.toThrow('the link went away');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('leaves alone what another running process is filling', async () => {
    const other = join(folder, `runtime.partial-${process.ppid}`);
    mkdirSync(other);
    await fillAtomically(join(folder, 'runtime'), async () => {});
    expect(readdirSync(folder)).toContain(`runtime.partial-${process.ppid}`);
  });
});
