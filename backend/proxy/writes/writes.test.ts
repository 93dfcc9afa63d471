/** Whose changes are one's own, on a disk that can be held. */
import { expect, it } from 'vitest';
import { noDisk } from '../testing/no-disk.ts';
import { type NewWrite, type Waiting, Writes } from './writes.ts';

const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

function deskWithDisk() {
  const disk = noDisk();
  const writes = new Writes(disk);
  let count = 0;
  return {
    disk,
    writes,
    async change(agent: typeof ada): Promise<string> {
      count += 1;
      const requestId = `request ${count}`;
      const said = { kind: 'CHANGE', ticketId: 7, ticketRequestId: null, createdAt: '', agent } as const;
      const write: NewWrite = { ...said, requestId, changes: { title: requestId }, expectedVersion: 4 };
      await writes.file(write);
      return requestId;
    },
    waits: (requestId: string) => writes.list().find((one) => one.requestId === requestId),
  };
}

const head = (writes: Writes) => writes.heads()[0] as Waiting;

it('a change that is stored is its author’s own in what they did after it, and nobody else’s', async () => {
  const { writes, change, waits } = deskWithDisk();
  await change(ada);
  const [later, others] = [await change(ada), await change(ben)];
  writes.settle(head(writes), { state: 'STORED', version: 5 });
  expect(waits(later)).toMatchObject({ ownVersions: [5] });
  expect(waits(others)).toMatchObject({ ownVersions: [] });
  expect(waits(await change(ada))).toMatchObject({ ownVersions: [5] });
  expect(waits(await change(ben))).toMatchObject({ ownVersions: [] });
});

it('also in what was on its way to the disk', async () => {
  const { disk, writes, change, waits } = deskWithDisk();
  const first = await change(ada);
  const answered = writes.outcome(first, new AbortController().signal);
  let release = () => {};
  disk.put = () => new Promise((resolve) => (release = resolve));
  const filed = change(ada);
  writes.settle(head(writes), { state: 'STORED', version: 5 });
  await answered;
  release();
  expect(waits(await filed)).toMatchObject({ ownVersions: [5] });
  // Its author knows version 5 by now: what is made on an older one is another window's.
  const another = change(ada);
  release();
  expect(waits(await another)).toMatchObject({ ownVersions: [] });
});
