import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../logger.ts';
import { testFolder } from '../../testing/test-folder.ts';
import { silentLogger } from '../testing/outbox-desk.ts';
import { openKept } from './kept.ts';

const secret = 'the printer of the board prints salaries';
const key = randomBytes(32);

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = testFolder();
  folder = join(parent, 'kept');
});

const open = (options: Partial<Parameters<typeof openKept>[0]> = {}) =>
  openKept({ folder, scope: 'the team', key, logger: silentLogger, ...options });

/** All files of the folder, by path. */
async function files(): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
}

describe('what is kept', () => {
  it('is there at the next start, the newest value of each name, with when it was seen', async () => {
    const kept = await open();
    kept.keep('ticket/1', { title: 'old' });
    kept.keep('ticket/1', { title: secret });
    kept.keep('ticket/2', { title: 'gone' });
    kept.forget('ticket/2');
    const before = kept.get('ticket/1');
    await kept.close();
    const again = await open();
    expect(again.get('ticket/1')).toMatchObject({ value: { title: secret }, seenAt: before?.seenAt });
    expect(again.all('ticket/')).toHaveLength(1);
    await again.close();
  });

  it('goes when newer things need its room: what was seen longest ago first', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(1_000);
    const kept = await open({ bounds: { entries: 3, units: 300 } });
    for (const name of ['a', 'b', 'c', 'a', 'd']) {
      now.mockReturnValue(now() + 1);
      kept.keep(name, name);
    }
    const names = (of: typeof kept) => ['a', 'b', 'c', 'd', 'e'].filter((name) => of.get(name));
    expect(names(kept)).toEqual(['a', 'c', 'd']);
    await kept.close();
    // Fewer are let in now: the order of being seen has outlived the process.
    const again = await open({ bounds: { entries: 2, units: 300 } });
    expect(names(again)).toEqual(['a', 'd']);
    again.keep('e', 'x'.repeat(250));
    expect(names(again)).toEqual(['e']);
    await again.close();
    const third = await open();
    expect(names(third)).toEqual(['e']);
    await third.close();
    now.mockRestore();
  });

  it('is in memory alone where more is seen at once than waits for the disk', async () => {
    const kept = await open();
    const long = 'x'.repeat(3 * 1024 * 1024);
    for (const name of ['a', 'b', 'c']) kept.keep(name, long);
    expect(kept.get('c')?.value).toBe(long);
    await kept.close();
    const again = await open();
    const found = ['a', 'b', 'c'].map((name) => again.get(name) !== undefined);
    expect(found).toEqual([true, true, false]);
    await again.close();
  });

  it('of another service is not shown, and not kept any longer', async () => {
    const kept = await open();
    kept.keep('ticket/1', secret);
    await kept.close();
    const other = await open({ scope: 'another team', key: undefined });
    expect(other.all('')).toEqual([]);
    await other.close();
    const back = await open();
    expect(back.all('')).toEqual([]);
    await back.close();
  });

  it('that is cleared leaves no file behind which tells of it, and can be kept anew', async () => {
    const kept = await open({ key: undefined });
    kept.keep('ticket/1', secret);
    await kept.close();
    const again = await open({ key: undefined });
    await again.clear();
    expect(again.get('ticket/1')).toBeUndefined();
    for (const bytes of (await files()).values()) expect(bytes.includes(secret)).toBe(false);
    again.keep('ticket/2', 'new');
    await again.close();
    const third = await open({ key: undefined });
    expect(third.all('').map(({ value }) => value)).toEqual(['new']);
    await third.close();
  });
});

describe('on the disk', () => {
  it('it is encrypted where there is a key, and else in a folder of this user alone', async () => {
    const hasText = async () => [...(await files()).values()].some((bytes) => bytes.includes(secret));
    const kept = await open();
    kept.keep('ticket/1', { title: secret });
    await kept.close();
    expect((await files()).size).toBeGreaterThan(0);
    expect(await hasText()).toBe(false);
    const clear = await open({ key: undefined });
    expect(clear.all('')).toEqual([]);
    clear.keep('ticket/1', { title: secret });
    await clear.close();
    expect(await hasText()).toBe(true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it.each<[string, () => Promise<unknown>, Buffer]>([
    ['of another key', async () => {}, randomBytes(32)],
    [
      'damaged',
      async () => {
        for (const path of (await files()).keys()) await writeFile(path, 'torn');
      },
      key,
    ],
  ])('one that is %s is begun anew, and the log says so', async (_name, damage, otherKey) => {
    const kept = await open();
    kept.keep('ticket/1', secret);
    await kept.close();
    await damage();
    const logger = createLogger({ name: 'test', level: 'silent' });
    const warn = vi.spyOn(logger, 'warn');
    const again = await open({ key: otherKey, logger });
    expect(again.all('')).toEqual([]);
    expect(warn.mock.calls.flat()).toContainEqual(expect.stringContaining('begun anew'));
    again.keep('ticket/2', 'new');
    await again.close();
    const third = await open({ key: otherKey });
    expect(third.all('').map(({ value }) => value)).toEqual(['new']);
    await third.close();
  });

  it('one that can not be written is no reason to stop: it lasts as long as the process', async () => {
    await writeFile(folder, 'a file in the way');
    const kept = await open();
    kept.keep('ticket/1', secret);
    expect(kept.get('ticket/1')).toMatchObject({ value: secret });
    await kept.clear();
    await kept.close();
  });
});
