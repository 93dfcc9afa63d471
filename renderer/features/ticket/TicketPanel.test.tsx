import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { draw } from '../../testing/draw.tsx';
import { TicketPanel } from './TicketPanel.tsx';

it('keeps in sight what was being written about a ticket that somebody deletes', async () => {
  const values = ticketValues({ title: 'Printer', description: 'Blank pages', name: 'Ada' });
  const ticket = {
    ...{ ...values, __typename: 'Ticket', id: 31, version: 1, requestId: 'r-31', asOf: null },
    ...{ assignee: null, createdAt: '2026-11-28T10:00:00.000Z', updatedAt: '2026-11-28T12:00:00.000Z' },
  };
  const { person, events } = draw(<TicketPanel id={31} />, {
    answer: ({ name }) => (name === 'TicketById' ? { ticket } : undefined),
  });
  const box = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: /^Write a note/ });
  await person.type(await box(), 'Toner empty');
  (await box()).setSelectionRange(6, 6);
  events.next({ kind: 'ticket', change: { kind: 'DELETED', id: 31, ticket: null } });
  await screen.findByText(/This ticket was deleted/);
  await person.keyboard('is ');
  expect((await box()).value).toBe('Toner is empty');
  events.next({ kind: 'ticket', change: { kind: 'UPDATED', id: 31, ticket } });
  await screen.findByRole('button', { name: 'Edit' });
  await person.keyboard('quite ');
  expect((await box()).value).toBe('Toner is quite empty');
});
