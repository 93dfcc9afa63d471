import { describe, expect, it } from 'vitest';
import type { TicketOrder } from '../../graphql/generated/operations.ts';
import {
  applyLater,
  applyNow,
  arrivalsOf,
  firstPage,
  type ListModel,
  type Row,
  rowsOf,
  settle,
  withNextPage,
  withPageAgain,
} from './list-model.ts';

/** A ticket created in the minute of its id. */
const row = (id: number, minute = id): Row => ({
  id,
  requestId: null,
  sortKey: `2026-11-24T10:${String(minute).padStart(2, '0')}:00.000000Z`,
});
const change = (id: number, minute = id) => ({ id, row: row(id, minute) });
const gone = (id: number) => ({ id, row: null });
const ids = (model: ListModel) => rowsOf(model).map(({ id }) => id);

function list(rows: number[], options: { order?: TicketOrder; more?: boolean } = {}): ListModel {
  return firstPage(options.order ?? 'CREATED_DESC', {
    rows: rows.map((id) => row(id)),
    hasNextPage: options.more ?? false,
    endCursor: options.more ? 'c1' : null,
  });
}

describe('changes while nobody reads', () => {
  it('puts a new ticket where the order wants it', () => {
    expect(ids(applyNow(list([9, 5, 3]), [change(10), change(4)]))).toEqual([10, 9, 5, 4, 3]);
    expect(ids(applyNow(list([3, 5, 9], { order: 'CREATED_ASC' }), [change(10), change(4)]))).toEqual([
      3, 4, 5, 9, 10,
    ]);
  });

  it('breaks a tie of times by id, as the service does', () => {
    expect(ids(applyNow(list([9, 5]), [change(7, 5), change(2, 5)]))).toEqual([9, 7, 5, 2]);
  });

  it('leaves a ticket beyond what was read to the page that will bring it', () => {
    expect(ids(applyNow(list([9, 5], { more: true }), [change(3)]))).toEqual([9, 5]);
    expect(ids(applyNow(list([9, 5], { more: false }), [change(3)]))).toEqual([9, 5, 3]);
  });

  it('moves a ticket that was changed in a list by change, and takes out one that has left', () => {
    const model = list([9, 5, 3], { order: 'UPDATED_DESC' });
    expect(ids(applyNow(model, [change(3, 50)]))).toEqual([3, 9, 5]);
    expect(ids(applyNow(model, [gone(5)]))).toEqual([9, 3]);
  });

  it('takes a ticket into an empty list', () => {
    expect(ids(applyNow(list([]), [change(1)]))).toEqual([1]);
  });
});

describe('changes while the person reads', () => {
  it('moves nothing until the reading ends, and counts what arrived', () => {
    const read = applyLater(list([9, 5, 3]), [change(10), change(11), gone(5)]);
    expect(ids(read)).toEqual([9, 5, 3]);
    expect(arrivalsOf(read).map(({ id }) => id)).toEqual([10, 11]);
    expect(ids(settle(read))).toEqual([11, 10, 9, 3]);
  });

  it('counts no arrival for a change that keeps its place, nor for one that came and went', () => {
    const read = applyLater(applyLater(list([9, 5]), [change(5), change(10)]), [gone(10)]);
    expect(arrivalsOf(read)).toEqual([]);
    expect(settle(read)).toBe(read);
  });
});

describe('pages', () => {
  it('shows a ticket that moved between two pages once', () => {
    const model = withNextPage(list([9, 8], { more: true }), {
      rows: [row(8), row(7)],
      hasNextPage: true,
      endCursor: 'c2',
    });
    expect(ids(model)).toEqual([9, 8, 7]);
    expect(model.pages.map(({ after }) => after)).toEqual([null, 'c1']);
    expect(model.endCursor).toBe('c2');
  });

  it('drops rows that are gone when a page is read again', () => {
    const model = withPageAgain(list([9, 8, 7]), null, {
      rows: [row(9), row(7)],
      hasNextPage: false,
      endCursor: null,
    });
    expect(ids(model)).toEqual([9, 7]);
  });
});
