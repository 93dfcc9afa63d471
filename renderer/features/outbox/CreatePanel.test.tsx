import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useEditDraft } from '../../state/drafts.ts';
import type { LiveEvent } from '../../state/live-feed.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { draw } from '../../testing/draw.tsx';
import { waitingEntry } from '../../testing/outbox-entry.ts';
import { CreatePanel } from './CreatePanel.tsx';

const requestId = '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01';
const noOutbox = { __typename: 'Outbox', entries: [], writes: [], waiting: 0, failed: 0 };

function OpenTicket() {
  const { panel } = useNavigation();
  return <output>{panel?.kind === 'ticket' ? `#${panel.id}` : ''}</output>;
}

/** What was begun to change ticket #7. */
function Draft({ requestId }: { requestId: string }) {
  const { draft } = useEditDraft({ id: 7, requestId });
  return <p data-testid="draft">{draft && `${draft.title}, over version ${draft.base.version}`}</p>;
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

it('leaves somebody in the form of a create that is sent meanwhile, and what they typed to its ticket', async () => {
  const entry = waitingEntry();
  const outbox = {
    ...noOutbox,
    blockedBy: null,
    waiting: 1,
    entries: [{ __typename: 'OutboxEntry', ...entry }],
  };
  const { person, events } = draw(
    <>
      <CreatePanel requestId={entry.requestId} />
      <OpenTicket />
      <Draft requestId={entry.requestId} />
    </>,
    { answer: ({ name }) => (name === 'Outbox' ? { outbox } : undefined) },
  );
  const edit = await screen.findByRole('button', { name: 'Edit' });
  expect(screen.getByRole('note').textContent).toContain('not tried yet');
  expect(screen.queryByRole('alert'), 'what counts down interrupts nobody').toBeNull();
  await person.click(edit);
  const title = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Title' });
  await person.type(title, ' on');
  const stored = { ...entry, state: 'STORED' as const, id: 7 };
  events.next({
    kind: 'outbox',
    change: { entry: stored, removed: true, waiting: 0, failed: 0, blockedBy: null },
  } as LiveEvent);
  await screen.findByText(/It was sent meanwhile/);
  await person.keyboard(' floor 3');
  expect(title.value).toBe('Printer on floor 3');
  await person.keyboard('{Escape}');
  await screen.findByText('#7');
  expect(screen.getByTestId('draft').textContent).toBe('Printer on floor 3, over version 1');
});
