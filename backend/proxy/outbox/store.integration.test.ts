import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCreate, aRecord, silentLogger, temporaryFolder } from '../testing/outbox-desk.ts';
import { openOutboxStore } from './store.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const rounds = 10;

describe('kill -9', () => {
  it(`loses nothing that was answered for, in ${rounds} rounds`, async () => {
    const outbox = join(folder.path, 'outbox');
    const answered = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const child = fork(join(import.meta.dirname, '../testing/outbox-writer.ts'), [outbox], {
        execArgv: ['--import', 'tsx'],
      });
      // Killed in the middle of writing, a little later each round.
      await new Promise<void>((resolve) => {
        let thisRound = 0;
        child.on('message', (requestId: string) => {
          answered.add(requestId);
          thisRound += 1;
          if (thisRound === 5 + round * 7) resolve();
        });
      });
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const store = await openOutboxStore({ folder: outbox, logger: silentLogger });
    const found = new Set(store.records.map(({ requestId }) => requestId));
    expect([...answered].filter((requestId) => !found.has(requestId))).toEqual([]);
    expect(answered.size).toBeGreaterThan(rounds * 5);
    expect(store.notices).toEqual([]);
    await store.close();
  });
});

/** A disk of 1 MiB of its own; undefined where this user may not mount one. */
function smallDisk(path: string): { unmount(): void } | undefined {
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    return { unmount: () => execFileSync('umount', [path]) };
  } catch {
    return undefined;
  }
}

describe('a full disk', () => {
  it('is refused in words that say what to do, keeps all that was answered for, and heals', async (context) => {
    const path = join(folder.path, 'disk');
    const disk = smallDisk(path);
    if (!disk) return context.skip('only root may mount the small disk that this needs');
    try {
      const outbox = join(path, 'outbox');
      const store = await openOutboxStore({ folder: outbox, logger: silentLogger });
      const answered: string[] = [];
      const put = async () => {
        const create = { ...aCreate(), description: 'x'.repeat(9_000) };
        await store.put(aRecord(answered.length, create), { sync: true });
        answered.push(create.requestId);
      };
      writeFileSync(join(path, 'ballast'), Buffer.alloc(300_000));
      const full = {
        code: 'UNAVAILABLE',
        message: expect.stringContaining('The disk is full. Free some space'),
      };
      await expect(fillUp(put)).rejects.toMatchObject(full);
      await expect(put()).rejects.toMatchObject(full);
      const beforeHealing = answered.length;
      rmSync(join(path, 'ballast'));
      await put();
      expect(answered.length).toBe(beforeHealing + 1);
      await store.close();
      const again = await openOutboxStore({ folder: outbox, logger: silentLogger });
      expect(again.records.map(({ requestId }) => requestId).sort()).toEqual([...answered].sort());
      expect(again.notices).toEqual([]);
      await again.close();
    } finally {
      disk.unmount();
    }
  });
});

async function fillUp(put: () => Promise<void>): Promise<never> {
  for (;;) await put();
}
