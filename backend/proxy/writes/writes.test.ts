/** Whose changes are one's own, on a disk that can be held. */
import { expect, it } from 'vitest';
import { DeskError } from '../../errors.ts';
import type { KnownTicket } from '../client/types.ts';
import { noDisk } from '../testing/no-disk.ts';
import { clash, gone } from './write-errors.ts';
import { type NewWrite, type Waiting, Writes } from './writes.ts';

const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

const changeOf = (requestId: string, agent: typeof ada): NewWrite => {
  const said = { kind: 'CHANGE', ticketId: 7, ticketRequestId: null, createdAt: '', agent } as const;
  return { ...said, requestId, changes: { title: requestId }, expectedVersion: 4 };
};

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
      await writes.file(changeOf(requestId, agent));
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

const current = { id: 7, version: 5 } as KnownTicket;
it.each([
  ['a clash', clash(current, 4), current],
  ['a ticket that is gone', gone(), null],
  ['bad input', new DeskError('BAD_USER_INPUT', 'title is too long.', { field: 'title' }), null],
])('who sends one again that went back hears why, after a restart too: %s', async (_, error, now) => {
  const { disk, writes, change } = deskWithDisk();
  const requestId = await change(ada);
  writes.fail(head(writes), error, now);
  const { code, message, field, details } = error;
  const told = { state: 'FAILED', error: { code, message, field, details } };
  expect(await writes.file(changeOf(requestId, ada))).toMatchObject(told);
  const restarted = new Writes({ ...disk, records: writes.list() });
  expect(await restarted.file(changeOf(requestId, ada))).toMatchObject(told);
});
