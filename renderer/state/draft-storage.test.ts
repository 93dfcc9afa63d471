import { expect, it } from 'vitest';
import { draftsOf } from './draft-storage.ts';
import type { DraftStorage } from './draft-store.ts';

/** A disk of a browser, and what each of its tabs is told of the others. */
function disk(...kept: [string, unknown][]) {
  const drafts = new Map(kept);
  const listeners: Parameters<DraftStorage['onOtherWrite']>[0][] = [];
  const storage: DraftStorage = {
    readAll: async () => new Map(drafts),
    async write(changes) {
      for (const [key, value] of changes) value === null ? drafts.delete(key) : drafts.set(key, value);
      for (const listener of listeners) listener(changes);
    },
    onOtherWrite: (listener) => void listeners.push(listener),
  };
  return { drafts, of: (person: string) => draftsOf(person, storage) };
}

const write = (storage: DraftStorage, key: string, value: unknown) => storage.write(new Map([[key, value]]));

it('shows and tells each person their own drafts alone', async () => {
  const { of } = disk();
  const told: unknown[] = [];
  of('Bo').onOtherWrite((changes) => told.push(...changes));
  await write(of('Ada'), 'new-ticket', 'by Ada');
  await write(of('Bo'), 'new-ticket', 'by Bo');
  expect([...(await of('Ada').readAll())]).toEqual([['new-ticket', 'by Ada']]);
  expect([...(await of('Bo').readAll())]).toEqual([['new-ticket', 'by Bo']]);
  expect(told).toEqual([['new-ticket', 'by Bo']]);
});

it('gives what nobody in particular has typed to whoever goes on with it', async () => {
  const { of, drafts } = disk(['new-ticket', 'by nobody'], ['mended:1', 'by nobody']);
  const ada = of('Ada');
  expect((await ada.readAll()).get('new-ticket')).toBe('by nobody');
  await write(ada, 'new-ticket', 'by Ada');
  await write(ada, 'new-ticket', 'by Ada again');
  expect([...drafts.values()]).toEqual(['by nobody', 'by Ada again']);
  expect([...(await of('Bo').readAll())]).toEqual([['mended:1', 'by nobody']]);
  await write(ada, 'mended:1', null);
  expect((await of('Bo').readAll()).size).toBe(0);
});
