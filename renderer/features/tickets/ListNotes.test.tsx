import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { FoundNote } from './ListNotes.tsx';
import type { ListQuery } from './list-filter.ts';
import type { ListState } from './ticket-list.ts';

const read = (ticketsRead: number) => ({ asOf: 1, loading: null, ticketsRead, hasMore: false }) as ListState;
const open: ListQuery = { view: 'is:open', search: '', filters: {}, order: 'CREATED_DESC' };
const printers: ListQuery = { ...open, search: 'printer' };
const urgent: ListQuery = { ...printers, filters: { priorities: ['Urgent'] } };

it('says once what each search, filter and other view of them has found', () => {
  const { rerender } = render(<FoundNote query={open} state={read(40)} />);
  const said = (query: ListQuery, state: ListState) => {
    rerender(<FoundNote query={query} state={state} />);
    return screen.getByRole('status', { name: 'Search result' }).textContent;
  };
  expect(said(open, read(41))).toBe('');
  expect(said(printers, { ...read(0), asOf: null })).toBe('');
  expect(said(printers, read(3))).toBe('3 tickets found');
  expect(said(printers, read(4))).toBe('3 tickets found');
  expect(said(urgent, read(1))).toBe('1 ticket found');
  expect(said({ ...urgent, view: 'status:completed' }, read(2))).toBe('2 tickets found');
  expect(said({ ...urgent, search: '' }, { ...read(100), hasMore: true })).toBe(
    'More than 100 tickets found',
  );
  expect(said(open, read(41))).toBe('');
});
