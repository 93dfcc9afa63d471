import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { draw } from '../../testing/draw.tsx';
import { Thread } from './Thread.tsx';

afterEach(() => vi.restoreAllMocks());

const page = { pageInfo: { __typename: 'PageInfo', hasPreviousPage: false } };
const bo = { __typename: 'Agent', id: 'bo', name: 'Bo' };
const at = '2026-11-28T10:00:00.000Z';
const comment = {
  ...{ __typename: 'Comment', id: '1', requestId: 'c-1', kind: 'NOTE', body: 'Toner is empty' },
  ...{ author: bo, createdAt: at, editedAt: null },
};
const filed = { __typename: 'Change', at, by: bo, field: 'CREATED', from: null, to: null };

/** How far down a ticket of a long text is scrolled, in a panel of 500 pixels. */
async function scrolled(id: number, comments: readonly (typeof comment)[]): Promise<number> {
  vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(2_000);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(500);
  const edges = (nodes: readonly object[]) =>
    nodes.map((node, n) => ({ __typename: 'Edge', cursor: `${n}`, node }));
  const ticket = {
    ...{ __typename: 'Ticket', id },
    comments: { __typename: 'Comments', edges: edges(comments), ...page },
    history: { __typename: 'History', edges: edges([filed]), ...page },
  };
  draw(
    <div className="panel-body" data-testid="body">
      <Thread id={id} />
    </div>,
    { answer: ({ name }) => (name === 'TicketThread' ? { me: null, ticket } : undefined) },
  );
  await screen.findByText(/filed it/);
  const { scrollTop } = screen.getByTestId('body');
  cleanup();
  return scrollTop;
}

it('begins at what was said last, and at the text of a ticket about which nothing was said', async () => {
  expect(await scrolled(41, [])).toBe(0);
  expect(await scrolled(42, [comment])).toBe(2_000);
});
