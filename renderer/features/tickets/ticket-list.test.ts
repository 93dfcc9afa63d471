import { describe, expect, it, vi } from 'vitest';
import { comparing } from '../../../proto/ticket-order.ts';
import { ticketRow } from './known-rows.ts';
import { type PageSource, pageSize, TicketList } from './ticket-list.ts';

const row = (id: number) =>
  ticketRow({ id, key: `ticket-${id}`, version: 1, sortKey: String(id).padStart(6, '0') });
const change = (id: number) => ({ id, requestId: null, row: row(id) });
const gone = (id: number) => ({ id, requestId: null, row: null });

/** A service with tickets 1 to `count`, newest first; `fail` makes the next reading throw, `keptAt` has them kept. */
function service(count: number) {
  const state = {
    newest: count,
    fail: false,
    keptAt: null as number | null,
    fetched: [] as (string | null)[],
    forgotten: 0,
  };
  const source: PageSource = {
    async fetch({ after, first }) {
      state.fetched.push(after);
      if (state.fail) throw new Error('away');
      const from = after === null ? state.newest : Number(after.replace('kept', '')) - 1;
      const rows = Array.from({ length: Math.min(first, from) }, (_, index) => row(from - index));
      const last = rows.at(-1)?.id ?? 1;
      // A list made of kept tickets has cursors of its own, which no service takes.
      if (after?.startsWith('kept') && state.keptAt === null) throw new Error('a foreign cursor');
      const cursor = state.keptAt === null ? String(last) : `kept${last}`;
      return { rows, hasNextPage: last > 1, endCursor: last > 1 ? cursor : null, asOf: state.keptAt };
    },
    async fetchEnd({ before, last }) {
      state.fetched.push(`before ${before}`);
      if (state.fail) throw new Error('away');
      const to = before === null ? 0 : Number(before);
      const rows = Array.from({ length: Math.min(last, state.newest - to) }, (_, at) => row(to + last - at));
      const next = to + last + 1;
      const beyond = next <= state.newest ? { row: row(next), cursor: String(next) } : null;
      return { rows, beyond, startCursor: String(to + last), asOf: state.keptAt };
    },
    forget: () => {
      state.forgotten += 1;
    },
  };
  const list = new TicketList({ order: comparing('CREATED_DESC'), source, now: () => 1_000 });
  return { state, list };
}

const ids = (list: TicketList, count = 3) =>
  list
    .state()
    .items.slice(0, count)
    .map(({ id }) => id);
const mayMove = { mayMove: true };

/** Reads on until nothing more is under way. */
async function scrollTo(list: TicketList, index: number): Promise<void> {
  while (list.state().items.length <= index && list.state().hasMore) await list.loadMore();
  list.show(index - 20, index);
  await Promise.resolve();
}

describe('a list of tickets', () => {
  it('reads on when all rows that were read have left, as after a change of many', async () => {
    const { list } = service(250);
    await list.refresh(mayMove);
    list.apply(list.state().items.map(({ id }) => gone(id ?? 0)));
    expect(list.state().items).toEqual([]);
    list.show(0, 0);
    await vi.waitFor(() => expect(ids(list)).toEqual([150, 149, 148]));
  });

  it('says that it loads its first page, then shows it', async () => {
    const { list } = service(250);
    const reading = list.refresh(mayMove);
    expect(list.state().loading).toBe('first');
    await reading;
    expect(list.state()).toMatchObject({ loading: null, hasMore: true, asOf: 1_000 });
    expect(list.state().items).toHaveLength(pageSize);
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
    expect(ids(list)).toEqual([6_000, 5_999, 5_998]);
  });

  it('keeps what it shows when a reading fails, says so, and reads again when asked', async () => {
    const { list, state } = service(10);
    await list.refresh(mayMove);
    state.fail = true;
    await list.refresh(mayMove);
    expect(list.state().items).toHaveLength(10);
    expect(list.state().error).toBeInstanceOf(Error);
    Object.assign(state, { fail: false, newest: 11 });
    list.retry();
    await expect.poll(() => ids(list)).toEqual([11, 10, 9]);
    expect(list.state().error).toBeNull();
  });

  it('reads what it shows again after changes were missed, far down too', async () => {
    const { list, state } = service(1_000);
    await list.refresh(mayMove);
    await scrollTo(list, 500);
    list.setEye({ scrolled: true });
    const before = state.fetched.length;
    await list.refresh({ mayMove: false });
    expect(list.state().items.length).toBeGreaterThan(500);
    list.show(480, 500);
    expect(state.fetched.slice(before)).toEqual([null, '701', '601', '501']);
  });

  it('moves for the person who asked for it, though it is read once more before the answer', async () => {
    const { list, state } = service(10);
    await list.refresh(mayMove);
    list.setEye({ pointer: true });
    state.newest = 12;
    await Promise.all([list.refresh(mayMove), list.refresh({ mayMove: false })]);
    expect(ids(list)).toEqual([12, 11, 10]);
    state.newest = 13;
    await list.refresh({ mayMove: false });
    expect(ids(list)).toEqual([12, 11, 10]);
  });

  it('moves nothing while it is read, and shows what came when the reading ends', async () => {
    const { list } = service(10);
    await list.refresh(mayMove);
    list.setEye({ pointer: true });
    list.apply([change(11)]);
    list.apply([gone(9)]);
    expect(ids(list)).toEqual([10, 9, 8]);
    expect(list.state().heldBack).toBe(1);
    expect(
      list
        .state()
        .items.map(({ leaving }) => leaving)
        .indexOf(true),
    ).toBe(1);
    list.setEye({ pointer: false });
    expect(ids(list)).toEqual([11, 10, 8]);
    expect(list.state().heldBack).toBe(0);
  });

  it('does at once what the person did', async () => {
    const { list } = service(10);
    await list.refresh(mayMove);
    list.setEye({ pointer: true });
    list.noteOwn({ deleted: 10 });
    expect(ids(list)).toEqual([9, 8, 7]);
    list.noteOwn({ id: 9, version: 2 });
    list.apply([gone(9)]);
    expect(ids(list)).toEqual([8, 7, 6]);
  });

  it('counts what a fresh reading brings instead of moving the rows under the eye', async () => {
    const { list, state } = service(10);
    await list.refresh(mayMove);
    list.setEye({ keyboard: true });
    state.newest = 12;
    await list.refresh({ mayMove: false });
    expect(ids(list)).toEqual([10, 9, 8]);
    expect(list.state().heldBack).toBe(2);
    list.letIn();
    expect(ids(list)).toEqual([12, 11, 10]);
  });

  it('ignores the answer to a reading that a later one has overtaken', async () => {
    const { list } = service(10);
    await Promise.all([list.refresh(mayMove), list.refresh(mayMove)]);
    expect(list.state().items).toHaveLength(10);
    expect(list.state().loading).toBeNull();
  });

  it('was true until the changes stopped coming', async () => {
    let nowMs = 1_000;
    const source: PageSource = {
      fetch: async () => ({ rows: [row(1)], hasNextPage: false, endCursor: null, asOf: null }),
      fetchEnd: () => Promise.reject(new Error('nobody asks')),
      forget: () => {},
    };
    const list = new TicketList({ order: comparing('CREATED_DESC'), source, now: () => nowMs });
    await list.refresh(mayMove);
    nowMs = 5_000;
    list.markTrue();
    expect(list.state().asOf).toBe(5_000);
  });
});

it('reads on under the eye where it ended before it was read again', async () => {
  const { list, state } = service(0);
  state.keptAt = 500;
  await list.refresh(mayMove);
  [state.newest, state.keptAt] = [250, null];
  await list.refresh(mayMove);
  list.setEye({ scrolled: true });
  expect(list.state()).toMatchObject({ ticketsRead: 100, hasMore: true });
  await scrollTo(list, 150);
  expect(list.state().items).toHaveLength(200);
});

describe('the end of a list', () => {
  const kinds = (list: TicketList) => list.state().items.map(({ kind, id }) => (kind === 'gap' ? 'gap' : id));

  it('is read without what lies before it, which comes in from both sides as the eye comes near', async () => {
    const { list, state } = service(1_000);
    await list.refresh(mayMove);
    list.setEye({ keyboard: true });
    expect(list.state().isEndKnown).toBe(false);
    expect(await list.readEnd()).toBe(true);
    expect(list.state()).toMatchObject({ isEndKnown: true, hasMore: true, loading: null });
    expect(state.fetched).toEqual([null, 'before null']);
    const [front, end] = [kinds(list).slice(0, 100), kinds(list).slice(103)];
    expect([front[0], front[99], end[0], end[99]]).toEqual([1_000, 901, 100, 1]);
    expect(kinds(list).slice(100, 103)).toEqual(['gap', 'gap', 'gap']);

    list.show(120, 140);
    await vi.waitFor(() => expect(kinds(list)[103]).toBe(200));
    expect(kinds(list).slice(-101, -99)).toEqual([101, 100]);
    list.show(60, 80);
    await vi.waitFor(() => expect(kinds(list)[199]).toBe(801));
    expect(kinds(list)[200]).toBe('gap');
    expect(state.fetched).toEqual([null, 'before null', 'before 100', '901']);
  });

  it('meets the beginning, and is one list with it', async () => {
    const { list } = service(350);
    await list.refresh(mayMove);
    await list.readEnd();
    list.show(110, 130);
    await vi.waitFor(() => expect(list.state().items).toHaveLength(303));
    list.show(110, 130);
    await vi.waitFor(() => expect(list.state().hasMore).toBe(false));
    expect(kinds(list)).toEqual(Array.from({ length: 350 }, (_, at) => 350 - at));
  });

  it('is where End leads, and no other key goes over what was not read', async () => {
    const { list } = service(1_000);
    await list.refresh(mayMove);
    await list.readEnd();
    list.moveCursor(99);
    expect(list.indexAfter('ArrowDown')).toBe(99);
    expect(list.indexAfter('PageDown')).toBe(99);
    expect(list.indexAfter('End')).toBe(202);
    list.moveCursor(103);
    expect(list.indexAfter('ArrowUp')).toBe(103);
    expect(list.indexAfter('Home')).toBe(0);
  });

  it('has what arrives there, and is read again by the cursor of the row before it', async () => {
    const { list, state } = service(1_000);
    await list.refresh(mayMove);
    await list.readEnd();
    list.apply([gone(5), gone(500)]);
    expect(list.state().items).toHaveLength(202);
    await list.refresh(mayMove);
    list.show(150, 170);
    await vi.waitFor(() => expect(state.fetched.at(-1)).toBe('101'));
    await vi.waitFor(() => expect(list.state().items).toHaveLength(203));
  });

  it('is read though the list is read anew meanwhile', async () => {
    const { list } = service(1_000);
    await list.refresh(mayMove);
    const reading = list.readEnd();
    await Promise.resolve();
    expect(list.state().loading).toBe('more');
    void list.refresh({ mayMove: false });
    expect(await reading).toBe(true);
    expect(list.state()).toMatchObject({ isEndKnown: true, loading: null, error: null });
    expect(list.state().items.at(-1)?.id).toBe(1);
  });

  it('can not be read while nobody answers, and is asked for again', async () => {
    const { list, state } = service(1_000);
    await list.refresh(mayMove);
    state.fail = true;
    expect(await list.readEnd()).toBe(false);
    expect(list.state()).toMatchObject({ isEndKnown: false, error: expect.any(Error) });
    state.fail = false;
    expect(await list.readEnd()).toBe(true);
  });
});

describe('a list of kept tickets', () => {
  it('says from when it is, and is read anew from end to end once there is a link', async () => {
    const { list, state } = service(250);
    state.keptAt = 500;
    await list.refresh(mayMove);
    await scrollTo(list, 240);
    expect(list.state()).toMatchObject({ asOf: 500, error: null });
    state.keptAt = null;
    state.newest = 252;
    await list.refresh({ mayMove: false });
    expect(list.state()).toMatchObject({ asOf: 1_000, error: null });
    await vi.waitFor(() => {
      list.show(0, 251);
      expect(ids(list, 252)).toEqual(Array.from({ length: 252 }, (_, at) => 252 - at));
      expect(state.fetched.slice(-3)).toEqual([null, '153', '53']);
    });
  });
});

describe('the cursor of a list', () => {
  async function listWithCursor(index: number) {
    const { list } = service(10);
    await list.refresh(mayMove);
    list.moveCursor(index);
    return list;
  }
  const cursor = (list: TicketList) => list.state().items[list.state().cursorIndex]?.id ?? null;

  it('stays on its ticket, wherever that goes', async () => {
    const list = await listWithCursor(2);
    list.apply([change(11), change(12)]);
    expect(list.state().cursorIndex).toBe(4);
    expect(cursor(list)).toBe(8);
  });

  it('goes to the row that took the place of one that has left', async () => {
    const list = await listWithCursor(2);
    list.apply([gone(8)]);
    expect(cursor(list)).toBe(7);
  });

  it('takes an open ticket along', async () => {
    const list = await listWithCursor(2);
    list.setOpen({ kind: 'ticket', id: 8 });
    list.moveCursor(list.indexAfter('ArrowDown'));
    expect(list.state().open).toEqual({ kind: 'ticket', id: 7 });
  });

  it('goes on, with what is open, when the person has taken its ticket out of the view', async () => {
    const list = await listWithCursor(2);
    list.setOpen({ kind: 'ticket', id: 8 });
    list.noteOwn({ id: 8, version: 2 });
    list.apply([gone(8)]);
    expect(cursor(list)).toBe(7);
    expect(list.state().open).toEqual({ kind: 'ticket', id: 7 });
  });

  it('stays with what is open when somebody else has taken it out of the view, and goes on from its place', async () => {
    const list = await listWithCursor(2);
    list.setOpen({ kind: 'ticket', id: 8 });
    list.apply([gone(8)]);
    expect(list.state().open).toEqual({ kind: 'ticket', id: 8 });
    expect(cursor(list)).toBeNull();
    list.moveCursor(list.indexAfter('ArrowDown'));
    expect(cursor(list)).toBe(7);
  });

  it('leaves a ticket that was opened from elsewhere when that is deleted', async () => {
    const list = await listWithCursor(2);
    list.setOpen({ kind: 'ticket', id: 99 });
    expect(cursor(list)).toBeNull();
    list.noteOwn({ deleted: 99 });
    expect(list.state().open).toBeNull();
    expect(cursor(list)).toBe(8);
  });

  it('is on the first row of a list that the person goes to, as it is then', async () => {
    const { list, state } = service(10);
    await list.refresh(mayMove);
    list.setOpen({ kind: 'ticket', id: 3 });
    state.newest = 12;
    const reading = list.refresh(mayMove);
    list.goToTop();
    expect(list.state().open).toBeNull();
    await reading;
    expect(cursor(list)).toBe(12);
    list.apply([change(13)]);
    expect(cursor(list)).toBe(12);
  });

  it('is on what was just opened, before the list has heard of it, though it was on a draft', () => {
    const { list } = service(3);
    const filed = { kind: 'create', requestId: 'filed' } as const;
    list.setOpen({ kind: 'new-ticket' });
    // Typed on while it was being filed, the draft is another one, whose row comes back as its form is left.
    list.setDraft('typed since');
    list.setOpen(filed);
    expect(list.state().open).toEqual(filed);
  });
});
