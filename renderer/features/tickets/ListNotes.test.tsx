import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { View } from '../../state/views.ts';
import { FoundNote } from './ListNotes.tsx';
import type { ListQuery } from './list-filter.ts';
import type { ListState } from './ticket-list.ts';

const read = (ticketsRead: number) => ({ asOf: 1, loading: null, ticketsRead, hasMore: false }) as ListState;
const viewOf = (id: string, name: string, query: string) => ({ id, name, query }) as View;
const open = viewOf('open', 'Open', 'is:open');
const completed = viewOf('completed', 'Completed', 'status:completed');
const plain: ListQuery = { view: 'is:open', search: '', filters: {}, order: 'CREATED_DESC' };
const printers: ListQuery = { ...plain, search: 'printer' };
const urgent: ListQuery = { ...printers, filters: { priorities: ['Urgent'] } };

it('says once what each search, filter and other view of them has found', () => {
  const { rerender } = render(<FoundNote view={open} query={plain} state={read(40)} />);
  const said = (view: View, query: ListQuery, state: ListState) => {
    rerender(<FoundNote {...{ view, query, state }} />);
    return screen.getByRole('status', { name: 'Search result' }).textContent;
  };
  expect(said(open, plain, read(41))).toBe('');
  expect(said(open, printers, { ...read(0), asOf: null })).toBe('');
  expect(said(open, printers, read(3))).toBe('3 tickets found');
  expect(said(open, printers, read(4))).toBe('3 tickets found');
  expect(said(open, urgent, read(1))).toBe('1 ticket found');
  expect(said(completed, urgent, read(2))).toBe('2 tickets found');
  expect(said(open, urgent, read(0))).toBe('No ticket found');
  expect(said(open, { ...urgent, search: '' }, { ...read(100), hasMore: true })).toBe(
    'More than 100 tickets found',
  );
});

it('says which view somebody went to by a key, and what it holds, but nothing of the first', () => {
  const { rerender } = render(<FoundNote view={open} query={plain} state={{ ...read(0), asOf: null }} />);
  const said = (view: View, state: ListState) => {
    rerender(<FoundNote view={view} query={{ ...plain, view: view.query }} state={state} />);
    return screen.getByRole('status', { name: 'Search result' }).textContent;
  };
  expect(said(open, read(40))).toBe('');
  expect(said(completed, { ...read(0), asOf: null })).toBe('');
  expect(said(completed, read(0))).toBe('Completed: No ticket');
  expect(said(completed, read(1))).toBe('Completed: No ticket');
  expect(said(viewOf('mine', 'Mine', 'assignee:me'), read(1))).toBe('Mine: 1 ticket');
  expect(said(open, { ...read(100), hasMore: true })).toBe('Open: More than 100 tickets');
});
