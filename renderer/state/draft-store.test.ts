import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DraftStorage, DraftStore } from './draft-store.ts';

/** A disk in memory that can refuse, and another window that can write. */
function memoryDisk(initial: [string, unknown][] = []) {
  const kept = new Map<string, unknown>(initial);
  const writes: Map<string, unknown>[] = [];
  let refusal: string | undefined;
  let other: (changes: ReadonlyMap<string, unknown>) => void = () => {};
  const storage: DraftStorage = {
    readAll: async () => new Map(kept),
    async write(changes) {
      if (refusal) throw new Error(refusal);
      writes.push(new Map(changes));
      for (const [key, value] of changes) value === null ? kept.delete(key) : kept.set(key, value);
    },
    onOtherWrite(listener) {
      other = listener;
    },
  };
  return {
    kept,
    writes,
    storage,
    refuse: (reason: string | undefined) => {
      refusal = reason;
    },
    otherWrites: (changes: [string, unknown][]) => other(new Map(changes)),
  };
}

describe('typed text kept on disk', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is written within a second of the first keystroke, however fast typing goes on', async () => {
    const disk = memoryDisk();
    const store = new DraftStore(disk.storage);
    await store.load();
    for (let typed = 1; typed <= 20; typed += 1) {
      store.set('new-ticket', 'x'.repeat(typed));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(disk.writes.length).toBeGreaterThanOrEqual(5);
    expect(disk.writes[0]?.get('new-ticket')).toBe('xxx');
  });

  it('is called kept only once the disk has it', async () => {
    const disk = memoryDisk();
    const store = new DraftStore(disk.storage);
    await store.load();
    store.set('new-ticket', 'printer');
    expect(store.snapshot('new-ticket').keeping).toBe('keeping');
    expect(disk.kept.size).toBe(0);
    await vi.advanceTimersByTimeAsync(300);
    expect(store.snapshot('new-ticket').keeping).toBe('kept');
    expect(disk.kept.get('new-ticket')).toBe('printer');
  });

  it('comes back after a restart', async () => {
    const store = new DraftStore(memoryDisk([['edit:7', 'half a sentence']]).storage);
    expect(store.snapshot('edit:7').loaded).toBe(false);
    await store.load();
    expect(store.snapshot('edit:7')).toMatchObject({ loaded: true, value: 'half a sentence' });
  });

  it('typed while the disk is still being read wins over what the disk had', async () => {
    const store = new DraftStore(memoryDisk([['new-ticket', 'old']]).storage);
    const loading = store.load();
    store.set('new-ticket', 'new');
    await loading;
    expect(store.snapshot('new-ticket').value).toBe('new');
  });

  it('is written at once when the page goes away, all drafts in one transaction', async () => {
    const disk = memoryDisk();
    const store = new DraftStore(disk.storage);
    await store.load();
    store.set('new-ticket', 'a');
    store.set('edit:7', 'b');
    await store.flush();
    expect(disk.writes).toEqual([
      new Map([
        ['new-ticket', 'a'],
        ['edit:7', 'b'],
      ]),
    ]);
  });

  it('is on its way to the disk before anything else can happen, though an earlier write is under way', () => {
    const begun: unknown[] = [];
    const storage: DraftStorage = {
      ...memoryDisk().storage,
      write(changes) {
        begun.push(changes.get('new-ticket'));
        return new Promise(() => {});
      },
    };
    const store = new DraftStore(storage);
    store.set('new-ticket', 'a');
    void store.flush();
    store.set('new-ticket', 'ab');
    void store.flush();
    expect(begun).toEqual(['a', 'ab']);
  });

  it('is not called kept by the write of an older text, nor put back by its refusal', async () => {
    const ends: { resolve(): void; reject(error: Error): void }[] = [];
    const written: unknown[] = [];
    const storage: DraftStorage = {
      ...memoryDisk().storage,
      write(changes) {
        written.push(changes.get('new-ticket'));
        return new Promise((resolve, reject) => ends.push({ resolve, reject }));
      },
    };
    const store = new DraftStore(storage);
    await store.load();
    for (const text of ['a', 'ab', 'abc']) {
      store.set('new-ticket', text);
      void store.flush();
    }
    ends[0]?.resolve();
    ends[1]?.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.snapshot('new-ticket')).toMatchObject({ value: 'abc', keeping: 'keeping', problem: null });
    ends[2]?.resolve();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(store.snapshot('new-ticket')).toMatchObject({ value: 'abc', keeping: 'kept' });
    expect(written).toEqual(['a', 'ab', 'abc']);
  });

  it('leaves the disk when it is cleared', async () => {
    const disk = memoryDisk([['new-ticket', 'filed']]);
    const store = new DraftStore(disk.storage);
    await store.load();
    store.set('new-ticket', null);
    await store.flush();
    expect(disk.kept.size).toBe(0);
  });

  it('says why it is not kept, goes on holding it, and keeps it once the disk takes it again', async () => {
    const disk = memoryDisk();
    const store = new DraftStore(disk.storage);
    await store.load();
    disk.refuse('the disk is full.');
    store.set('new-ticket', 'a');
    await store.flush();
    expect(store.snapshot('new-ticket')).toMatchObject({
      value: 'a',
      keeping: 'not-kept',
      problem: 'the disk is full.',
    });
    store.set('new-ticket', 'ab');
    expect(store.snapshot('new-ticket').keeping).toBe('not-kept');
    disk.refuse(undefined);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(disk.kept.get('new-ticket')).toBe('ab');
    expect(store.snapshot('new-ticket')).toMatchObject({ keeping: 'kept', problem: null });
  });

  it('follows what another window of the desk wrote', async () => {
    const disk = memoryDisk([['new-ticket', 'here']]);
    const store = new DraftStore(disk.storage);
    await store.load();
    disk.otherWrites([['new-ticket', null]]);
    expect(store.snapshot('new-ticket').value).toBeNull();
  });

  it('that is not on disk yet is not given up for what another window wrote before', async () => {
    const disk = memoryDisk([['new-ticket', 'Printer']]);
    const store = new DraftStore(disk.storage);
    await store.load();
    store.set('new-ticket', 'Printer on floor 3');
    disk.otherWrites([['new-ticket', null]]);
    expect(store.snapshot('new-ticket').value).toBe('Printer on floor 3');
    await store.flush();
    expect(disk.kept.get('new-ticket')).toBe('Printer on floor 3');
  });

  it('answers the same snapshot until something changes', async () => {
    const store = new DraftStore(memoryDisk().storage);
    await store.load();
    expect(store.snapshot('edit:1')).toBe(store.snapshot('edit:1'));
  });

  it('lets typing go on when the disk can not be read', async () => {
    const disk = memoryDisk();
    const store = new DraftStore({ ...disk.storage, readAll: () => Promise.reject(new Error('no')) });
    await store.load();
    expect(store.snapshot('new-ticket')).toMatchObject({ loaded: true, value: null });
  });
});
