import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { draw } from '../../testing/draw.tsx';
import { TicketPanel } from './TicketPanel.tsx';

/** A ticket in the window, over a service that has it. */
function openPanel(id: number) {
  const values = ticketValues({ title: 'Printer', description: 'Blank pages', name: 'Ada' });
  const ticket = {
    ...{ ...values, __typename: 'Ticket' as const, id, version: 1, requestId: `r-${id}`, asOf: null },
    ...{ assignee: null, createdAt: '2026-11-28T10:00:00.000Z', updatedAt: '2026-11-28T12:00:00.000Z' },
  };
  const drawn = draw(<TicketPanel id={id} />, {
    answer: ({ name }) => (name === 'TicketById' ? { ticket } : undefined),
  });
  return {
    ...drawn,
    ticket,
    remove: () => drawn.events.next({ kind: 'ticket', change: { kind: 'DELETED', id, ticket: null } }),
  };
}

it('keeps in sight what was being written about a ticket that somebody deletes', async () => {
  const { person, events, ticket, remove } = openPanel(31);
  const box = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: /^Write a note/ });
  await person.type(await box(), 'Toner empty');
  (await box()).setSelectionRange(6, 6);
  remove();
  await screen.findByText(/This ticket was deleted/);
  await person.keyboard('is ');
  expect((await box()).value).toBe('Toner is empty');
  events.next({ kind: 'ticket', change: { kind: 'UPDATED', id: 31, ticket } });
  await screen.findByRole('button', { name: 'Edit' });
  await person.keyboard('quite ');
  expect((await box()).value).toBe('Toner is quite empty');
});

it('leaves somebody who edits a ticket that is deleted in the form until they leave it', async () => {
  const { person, remove } = openPanel(32);
  const edit = await screen.findByRole('button', { name: 'Edit' });
  await waitFor(() => expect(edit).toHaveProperty('disabled', false));
  await person.click(edit);
  const title = screen.getByRole<HTMLInputElement>('textbox', { name: 'Title' });
  await person.type(title, ' on');
  remove();
  await screen.findByText(/#32 was deleted. What you type is kept/);
  await person.keyboard(' floor 3');
  expect(title.value).toBe('Printer on floor 3');
  expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  await person.keyboard('{Escape}');
  await screen.findByRole('button', { name: 'Bring it back' });
  await screen.findByText('Printer on floor 3');
});
