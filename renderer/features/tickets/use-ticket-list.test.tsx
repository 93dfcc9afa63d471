import { act } from '@testing-library/react';
import { useRef } from 'react';
import { expect, it, vi } from 'vitest';
import type { TicketFilter } from '../../graphql/generated/operations.ts';
import { draw } from '../../testing/draw.tsx';
import { chosenIds, toggled } from './chosen-rows.ts';
import type { ListQuery } from './list-filter.ts';
import { type ChosenStore, useChosenStore } from './use-chosen-rows.ts';
import { useQueryReader } from './use-query-reader.ts';
import { useTicketList } from './use-ticket-list.ts';

const query: ListQuery = { view: 'is:overdue', search: '', filters: {}, order: 'CREATED_DESC' };

/** What the test has of the list that is drawn. */
interface Hands {
  chosen: ChosenStore;
}

function List({ hands }: { hands: Hands }) {
  const chosen = useChosenStore({});
  Object.assign(hands, { chosen });
  useTicketList(query, { place: useRef(null), reader: useQueryReader(), chosen });
  return null;
}

/** A list whose answers are of these tickets. */
function drawList() {
  const service = { found: [1, 2, 3], asOf: null as string | null };
  const hands = {} as Hands;
  const drawn = draw(<List hands={hands} />, {
    answer: ({ name, variables }) =>
      name === 'TicketPage' ? page(variables.filter as TicketFilter) : undefined,
  });
  const page = ({ ids }: TicketFilter) => ({
    ticketPage: {
      asOf: service.asOf,
      edges: service.found.filter((id) => !ids || ids.includes(id)).map(edge),
      pageInfo: { hasNextPage: false, endCursor: null },
    },
  });
  const asks = () =>
    drawn.asked.filter(({ variables }) => (variables.filter as TicketFilter | undefined)?.ids).length;
  return { ...drawn, service, chosen: hands.chosen, asks };
}

function edge(id: number) {
  const at = `2026-11-24T0${id}:00:00.000000Z`;
  const node = {
    id,
    title: `Ticket ${id}`,
    name: 'Ada',
    status: 'New',
    priority: 'Normal',
    tags: [],
    dueAt: null,
  };
  const rest = {
    assigneeId: null,
    assignee: null,
    createdAt: at,
    updatedAt: at,
    version: 1,
    requestId: null,
  };
  return { cursor: `${id}`, node: { ...node, ...rest } };
}

it('lets go of what was chosen and has left the view while nobody told of it', async () => {
  const { service, chosen, events, asks } = drawList();
  act(() => chosen.set([1, 2, 3].reduce(toggled, chosen.state())));
  service.found = [3, 1];
  act(() => events.next({ kind: 'gap' }));
  await vi.waitFor(() => expect(chosenIds(chosen.state())).toEqual([1, 3]));

  // Without a link, what is kept of a view says of no ticket that it has left.
  Object.assign(service, { found: [1], asOf: '2026-11-24T09:00:00.000000Z' });
  const before = asks();
  act(() => events.next({ kind: 'gap' }));
  await vi.waitFor(() => expect(asks()).toBe(before + 1));
  await act(() => Promise.resolve());
  expect(chosenIds(chosen.state())).toEqual([1, 3]);
});
