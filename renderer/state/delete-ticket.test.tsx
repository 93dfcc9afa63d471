import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { linkEvent } from '../testing/link-event.ts';
import { forgetChanges } from './changes.ts';
import { useTicketDeletion } from './delete-ticket.ts';
import { useLink } from './live.tsx';

beforeEach(forgetChanges);

function DeleteButton() {
  const { remove } = useTicketDeletion();
  return (
    <button type="button" onClick={() => void remove(7)}>
      Delete at {useLink().serviceVersion ?? 'an older service'}
    </button>
  );
}

function drawDelete() {
  const drawn = draw(<DeleteButton />, {
    answer: ({ name }) =>
      name === 'DeleteTicket'
        ? { deleteTicket: { __typename: 'DeleteTicketResponse', id: 7, success: true } }
        : undefined,
  });
  const deleted = () => drawn.asked.filter(({ name }) => name === 'DeleteTicket').length;
  return { ...drawn, deleted };
}

it('is done at once where it can be undone', async () => {
  const { person, deleted } = drawDelete();
  await person.click(await screen.findByRole('button', { name: 'Delete at 1.0.0' }));
  await screen.findByRole('button', { name: 'Undo' });
  expect(deleted()).toBe(1);
});

it('is asked for once more where an older service would bring nothing back, and offers no Undo', async () => {
  const { person, deleted, events } = drawDelete();
  await screen.findByRole('button', { name: 'Delete at 1.0.0' });
  act(() => events.next(linkEvent({ serviceVersion: null, reason: 'older' })));
  await person.click(await screen.findByRole('button', { name: 'Delete at an older service' }));
  await screen.findByText(/gone for good/);
  expect(deleted()).toBe(0);
  await person.click(screen.getByRole('button', { name: 'Delete #7 all the same' }));
  await waitFor(() => expect(deleted()).toBe(1));
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});
