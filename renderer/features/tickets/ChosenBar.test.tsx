import { act, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it } from 'vitest';
import type { TicketFilter } from '../../graphql/generated/operations.ts';
import { ChosenProvider } from '../../state/chosen.ts';
import { draw } from '../../testing/draw.tsx';
import { ChosenBar, ChosenNote } from './ChosenBar.tsx';
import { toggled, withRange } from './chosen-rows.ts';
import { type ChosenStore, useChosenStore, useChosenTickets } from './use-chosen-rows.ts';

const printers: TicketFilter = { query: 'printer' };
const scanners: TicketFilter = { query: 'scanner' };

/** What the test has of the pane that is drawn. */
interface Hands {
  store: ChosenStore;
  search(filter: TicketFilter): void;
}

/** The list's pane, as far as choosing goes. */
function Pane({ hands, total }: { hands: Hands; total: number | undefined }) {
  const [filter, setFilter] = useState(printers);
  const store = useChosenStore(filter);
  Object.assign(hands, { store, search: setFilter });
  return (
    <ChosenProvider value={useChosenTickets(store, filter, total)}>
      <ChosenBar>
        <button type="button">Set status</button>
      </ChosenBar>
      <ChosenNote />
    </ChosenProvider>
  );
}

interface Known {
  total?: number;
  found?: { count: number; exact: boolean }[];
}

function drawBar({ total, found = [] }: Known = {}) {
  const hands = {} as Hands;
  const answer = ({ name }: { name: string }) => (name === 'Counts' ? { counts: found } : undefined);
  const drawn = draw(<Pane hands={hands} total={total} />, { answer });
  const choose = (...ids: number[]) => act(() => hands.store.set(ids.reduce(toggled, hands.store.state())));
  return { ...drawn, hands, choose };
}

const bar = () => screen.queryByRole('toolbar', { name: 'Chosen tickets' });
const said = () => screen.getByRole('status', { name: 'Chosen' }).textContent;

it('is there while something is chosen, with how many are and what can be done with them', async () => {
  const { choose, person } = drawBar();
  expect(bar()).toBeNull();
  expect(said()).toBe('');
  choose(4);
  expect(said()).toBe('1 ticket chosen');
  choose(5, 6);
  expect(bar()?.textContent).toContain('3 chosen');
  expect(said()).toBe('3 tickets chosen');
  screen.getByRole('button', { name: 'Set status' });
  await person.click(screen.getByRole('button', { name: 'Clear' }));
  expect(bar()).toBeNull();
});

it.each([
  ['as many as the view is known to have', { total: 12_345 }, 'All 12,345 that match chosen'],
  ['as many as are counted', { found: [{ count: 41, exact: true }] }, 'All 41 that match chosen'],
  ['more than are counted', { found: [{ count: 1_000, exact: false }] }, 'All 1,000+ that match chosen'],
  ['while they can not be counted', {}, 'All that match chosen'],
])('tells of all that match, %s', async (_, counts, words) => {
  const { choose, person } = drawBar(counts);
  choose(4);
  await person.click(screen.getByRole('button', { name: 'Choose all that match' }));
  await screen.findAllByText(words);
  expect(screen.queryByRole('button', { name: 'Choose all that match' })).toBeNull();
  choose(5, 6);
  await screen.findAllByText(words.replace(' chosen', ' but 2 chosen'));
  await person.click(screen.getByRole('button', { name: 'Choose all that match' }));
  await screen.findAllByText(words);
});

it('counts all that match by the query of the list, and nothing else', async () => {
  const { choose, person, asked } = drawBar({ found: [{ count: 41, exact: true }] });
  choose(4);
  expect(asked.filter(({ name }) => name === 'Counts')).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Choose all that match' }));
  await screen.findAllByText(/All 41/);
  expect(asked.filter(({ name }) => name === 'Counts')).toEqual([
    { name: 'Counts', variables: { filters: [printers] } },
  ]);
});

it('is gone with the query, and does not come back with it', async () => {
  const { hands } = drawBar();
  act(() => hands.store.set(withRange(hands.store.state(), [1, 2])));
  act(() => hands.search({ ...printers }));
  expect(said()).toBe('2 tickets chosen');
  act(() => hands.search(scanners));
  expect(said()).toBe('');
  act(() => hands.search(printers));
  expect(said()).toBe('');
});
