import { describe, expect, it, vi } from 'vitest';
import type { TicketChange } from '../../state/live.tsx';
import { type Row, type RowChange, ticketRow } from './known-rows.ts';
import type { ListQuery } from './list-filter.ts';
import { createLiveMatches } from './live-matches.ts';

const searching: ListQuery = { view: 'is:open', search: 'istanbul', filters: {}, order: 'CREATED_DESC' };
const row = (id: number): Row => ticketRow({ id, key: `ticket-${id}`, version: 1, sortKey: `created ${id}` });
const change = (id: number, found: Row | null) => ({ id, requestId: null, row: found });

function changed(id: number, status = 'New'): TicketChange {
  const ticket = {
    id,
    status,
    title: '\u0130stanbul ofisi',
    requestId: null,
    version: 1,
    createdAt: `created ${id}`,
  };
  return { kind: 'UPDATED', id, ticket } as unknown as TicketChange;
}

/** A service whose answers come when the test says so. */
function slowService() {
  const asked: { ids: readonly number[]; answer(rows: Row[]): void; fail(): void }[] = [];
  const find = (ids: readonly number[]) =>
    new Promise<Row[]>((answer, reject) =>
      asked.push({ ids, answer, fail: () => reject(new Error('away')) }),
    );
  return { asked, find };
}

describe('while nothing is searched for', () => {
  it('tells at once what a change means, and asks nobody', () => {
    const { asked, find } = slowService();
    const match = createLiveMatches({ query: { ...searching, search: '' }, find });
    const told: (readonly RowChange[])[] = [];
    const gone = { kind: 'DELETED', id: 3, ticket: null } as TicketChange;
    match([changed(1), changed(2, 'Completed'), gone], (rows) => told.push(rows), vi.fn());
    expect(told).toEqual([[change(1, row(1)), change(2, null), change(3, null)]]);
    expect(asked).toEqual([]);
  });
});

describe('while a text is searched for', () => {
  it('shows what the ticket service finds, and asks only of those that may be in the view', async () => {
    const { asked, find } = slowService();
    const match = createLiveMatches({ query: searching, find });
    const told = new Promise((resolve) =>
      match([changed(1), changed(2, 'Completed'), changed(3)], resolve, vi.fn()),
    );
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.ids).toEqual([1, 3]);
    asked[0]?.answer([row(3)]);
    expect(await told).toEqual([change(1, null), change(2, null), change(3, row(3))]);
  });

  it('keeps to the order of the bursts, also of one that needs no answer', async () => {
    const { asked, find } = slowService();
    const match = createLiveMatches({ query: searching, find });
    const told: (readonly RowChange[])[] = [];
    match([changed(1)], (rows) => told.push(rows), vi.fn());
    match([changed(1, 'Completed')], (rows) => told.push(rows), vi.fn());
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    asked[0]?.answer([row(1)]);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told.map((rows) => rows[0]?.row)).toEqual([row(1), null]);
  });

  it('has the list read anew when the service does not answer, or too much changed', async () => {
    const { asked, find } = slowService();
    const match = createLiveMatches({ query: searching, find });
    const fail = vi.fn();
    match([changed(1)], vi.fn(), fail);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    asked[0]?.fail();
    await vi.waitFor(() => expect(fail).toHaveBeenCalledTimes(1));
    match(
      Array.from({ length: 201 }, (_, id) => changed(id + 1)),
      vi.fn(),
      fail,
    );
    await vi.waitFor(() => expect(fail).toHaveBeenCalledTimes(2));
    expect(asked).toHaveLength(1);
  });
});
