import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useNavigation } from '../../state/navigation.tsx';
import { draw } from '../../testing/draw.tsx';
import { CreatePanel } from './CreatePanel.tsx';

const requestId = '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01';
const noOutbox = { __typename: 'Outbox', entries: [], writes: [], waiting: 0, failed: 0 };

function OpenTicket() {
  const { panel } = useNavigation();
  return <output>{panel?.kind === 'ticket' ? `#${panel.id}` : ''}</output>;
}

it('asks anew what became of a create when something may have been missed', async () => {
  let id: number | null = null;
  const { events, asked } = draw(
    <>
      <CreatePanel requestId={requestId} />
      <OpenTicket />
    </>,
    {
      answer({ name }) {
        if (name === 'Outbox') return { outbox: noOutbox };
        if (name !== 'CreateResult') return undefined;
        return { createResult: id && { __typename: 'CreateResult', id } };
      },
    },
  );
  await screen.findByText('Not here any more');
  const before = asked.length;
  id = 7;
  events.next({ kind: 'gap' });
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('#7'));
  expect(asked.slice(before).map(({ name }) => name)).toContain('CreateResult');
});
