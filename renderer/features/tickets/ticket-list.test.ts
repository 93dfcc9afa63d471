import { describe, expect, it } from 'vitest';
import type { Row } from './list-model.ts';
import { type PageSource, pageSize, TicketList } from './ticket-list.ts';

const row = (id: number): Row => ({ id, requestId: null, sortKey: String(id).padStart(6, '0') });

/** A service with tickets 1 to `count`, newest first; `fail` makes the next reading throw. */
function service(count: number) {
  const state = { newest: count, fail: false, fetched: [] as (string | null)[], forgotten: 0 };
  const source: PageSource = {
    async fetch({ after, first }) {
      state.fetched.push(after);
      if (state.fail) throw new Error('away');
      const from = after === null ? state.newest : Number(after) - 1;
      const rows = Array.from({ length: Math.min(first, from) }, (_, index) => row(from - index));
      const last = rows.at(-1)?.id ?? 1;
      return { rows, hasNextPage: last > 1, endCursor: last > 1 ? String(last) : null };
    },
    forget: () => {
      state.forgotten += 1;
    },
  };
  return { state, list: new TicketList({ order: 'CREATED_DESC', source, now: () => 1_000 }) };
}

const firstIds = (list: TicketList, count = 3) =>
  list
    .state()
    .rows.slice(0, count)
    .map(({ id }) => id);
const mayMove = { mayMove: true };

/** Reads on until nothing more is under way. */
async function scrollTo(list: TicketList, index: number): Promise<void> {
  while (list.state().rows.length <= index && list.state().hasMore) await list.loadMore();
  list.show(index - 20, index);
  await Promise.resolve();
}

describe('a list of tickets', () => {
  it('says that it loads its first page, then shows it', async () => {
    const { list } = service(250);
    const reading = list.refresh(mayMove);
    expect(list.state().loading).toBe('first');
    await reading;
    expect(list.state()).toMatchObject({ loading: null, hasMore: true, asOf: 1_000 });
    expect(list.state().rows).toHaveLength(pageSize);
  });

  it('reads the next page when the end comes near, once', async () => {
    const { list, state } = service(250);
    await list.refresh(mayMove);
    list.show(0, 20);
    expect(list.state().loading).toBeNull();
    list.show(50, 80);
    list.show(51, 81);
    expect(list.state().loading).toBe('more');
    expect(state.fetched).toEqual([null, '151']);
  });

  it('lets go of pages far off and reads one again when it comes near', async () => {
    const { list, state } = service(6_000);
    await list.refresh(mayMove);
    await scrollTo(list, 4_000);
    expect(state.forgotten).toBeGreaterThan(0);
    const before = state.fetched.length;
    list.show(0, 20);
    expect(state.fetched.slice(before)).toContain(null);
    expect(firstIds(list)).toEqual([6_000, 5_999, 5_998]);
  });

  it('keeps what it shows when a reading fails, and says so', async () => {
    const { list, state } = service(10);
    await list.refresh(mayMove);
    state.fail = true;
    await list.refresh(mayMove);
    expect(list.state().rows).toHaveLength(10);
    expect(list.state().error).toBeInstanceOf(Error);
  });

  it('moves nothing while it is read, and shows what came when the reading ends', async () => {
    const { list } = service(10);
    await list.refresh(mayMove);
    list.setReading(true);
    list.apply([{ id: 11, row: row(11) }], { workingOn: null });
    list.apply([{ id: 9, row: null }], { workingOn: null });
    expect(firstIds(list)).toEqual([10, 9, 8]);
    expect(list.state().arrivals).toHaveLength(1);
    expect([...list.state().leaving]).toEqual([9]);
    list.setReading(false);
    expect(firstIds(list)).toEqual([11, 10, 8]);
    expect(list.state().arrivals).toHaveLength(0);
  });

  it('does at once what the person did to the ticket that is open', async () => {
    const { list } = service(10);
    await list.refresh(mayMove);
    list.setReading(true);
    list.apply([{ id: 10, row: null }], { workingOn: 10 });
    expect(firstIds(list)).toEqual([9, 8, 7]);
  });

  it('counts what a fresh reading brings instead of moving the rows under the eye', async () => {
    const { list, state } = service(10);
    await list.refresh(mayMove);
    list.setReading(true);
    state.newest = 12;
    await list.refresh({ mayMove: false });
    expect(firstIds(list)).toEqual([10, 9, 8]);
    expect(list.state().arrivals.map(({ id }) => id)).toEqual([12, 11]);
    list.settle();
    expect(firstIds(list)).toEqual([12, 11, 10]);
  });

  it('ignores the answer to a reading that a later one has overtaken', async () => {
    const { list } = service(10);
    await Promise.all([list.refresh(mayMove), list.refresh(mayMove)]);
    expect(list.state().rows).toHaveLength(10);
    expect(list.state().loading).toBeNull();
  });

  it('was true until the changes stopped coming', async () => {
    let nowMs = 1_000;
    const source: PageSource = {
      fetch: async () => ({ rows: [row(1)], hasNextPage: false, endCursor: null }),
      forget: () => {},
    };
    const list = new TicketList({ order: 'CREATED_DESC', source, now: () => nowMs });
    await list.refresh(mayMove);
    nowMs = 5_000;
    list.vouch();
    expect(list.state().asOf).toBe(5_000);
  });
});
