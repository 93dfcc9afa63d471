import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { act, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { runCommand } from '../../state/commands.ts';
import type { LiveEvent } from '../../state/live-feed.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { TicketDetail } from './TicketDetail.tsx';

const clashWith = (current: object) => ({ message: '', extensions: { code: 'CONFLICT', current } });

/** A ticket in the window, over a service that answers each change of it when it is told to. */
function openTicket(id: number) {
  const values = ticketValues({ title: 'Printer', description: 'Blank pages', name: 'Ada' });
  const times = { createdAt: '2026-11-28T10:00:00.000Z', updatedAt: '2026-11-28T12:00:00.000Z' };
  let ticket = { ...values, assignee: null, ...times, id, version: 1, requestId: `r-${id}`, asOf: null };
  const held: (() => void)[] = [];
  let current: object | null = null;
  const answer = ({ name, variables }: Asked) => {
    if (name !== 'UpdateTicket') return undefined;
    if (current) throw new CombinedGraphQLErrors({ errors: [clashWith(current)] });
    const { requestId: _, expectedVersion: __, ...changes } = variables.input as Record<string, unknown>;
    return new Promise<Record<string, unknown>>((resolve) => {
      held.push(() => {
        ticket = { ...ticket, ...changes, version: ticket.version + 1 };
        const updateTicket = {
          id,
          success: true,
          state: 'STORED',
          ticket: { __typename: 'Ticket', ...ticket },
        };
        resolve({ updateTicket: { __typename: 'UpdateTicketResponse', ...updateTicket } });
      });
    });
  };
  const drawn = draw(<TicketDetail ticket={ticket} id={id} />, { answer });
  const changes = () =>
    drawn.asked.filter(({ name }) => name === 'UpdateTicket').map((each) => each.variables);
  const isEnabled = (name: string) =>
    waitFor(() => expect(screen.getByRole('button', { name })).toHaveProperty('disabled', false));
  return {
    ...drawn,
    changes,
    /** What somebody else has made of it meanwhile. */
    theirs(changed: object) {
      current = { ...ticket, ...changed };
    },
    isEnabled,
    /** Lets the service answer the change that it was asked for as the nth. */
    async release(nth: number) {
      await waitFor(() => expect(held).toHaveLength(nth));
      held[nth - 1]?.();
    },
    async set(field: string, was: string, value: string) {
      await isEnabled(`${field}: ${was}`);
      await drawn.person.click(screen.getByRole('button', { name: `${field}: ${was}` }));
      await drawn.person.click(screen.getByRole('menuitemradio', { name: value }));
    },
    async edit() {
      await isEnabled('Edit');
      await drawn.person.click(screen.getByRole('button', { name: 'Edit' }));
      return screen.getByRole<HTMLInputElement>('textbox', { name: 'Title' });
    },
  };
}

it('sets what is chosen while another change is on its way, after that', async () => {
  const { set, release, changes } = openTicket(21);
  await set('Status', 'New', 'On Hold');
  await set('Priority', 'Normal', 'Urgent');
  await release(1);
  await release(2);
  expect(await screen.findByText('#21 is Urgent.')).toBeTruthy();
  expect(changes()).toMatchObject([{ input: { status: 'On Hold' } }, { input: { priority: 'Urgent' } }]);
});

it('sets a field twice over what it was set to first', async () => {
  const { set, release, changes } = openTicket(22);
  await set('Status', 'New', 'On Hold');
  await set('Status', 'New', 'In Progress');
  await release(1);
  await release(2);
  expect(await screen.findByText('#22 is In Progress.')).toBeTruthy();
  expect(changes()).toMatchObject([{ input: { expectedVersion: 1 } }, { input: { expectedVersion: 2 } }]);
});

it.each(['Status: New', 'No tags'])('takes the keys to "%s" each time that it opens', async (name) => {
  const { person, isEnabled } = openTicket(25);
  await isEnabled(name);
  for (const _ of ['first', 'second']) {
    await person.click(screen.getByRole('button', { name }));
    await waitFor(() => expect(document.activeElement?.closest('.dropdown-menu')).toBeTruthy());
    await person.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name })));
  }
});

it('calls what deletes it by its name alone, beside which its key is told', async () => {
  const { person, isEnabled } = openTicket(26);
  await isEnabled('Edit');
  await person.click(screen.getByRole('button', { name: 'More' }));
  expect(screen.getByRole('button', { name: 'Delete' }).getAttribute('aria-keyshortcuts')).toBe('Delete');
});

it('keeps what is typed into the form while a field is set', async () => {
  const { person, set, edit, release } = openTicket(23);
  const title = await edit();
  await person.type(title, ' on floor');
  await set('Status', 'New', 'On Hold');
  await person.type(title, ' 3');
  await release(1);
  expect(await screen.findByText('#23 is On Hold.')).toBeTruthy();
  expect(title.value).toBe('Printer on floor 3');
});

it('saves the form once the field is set that was on its way', async () => {
  const { person, set, edit, release, changes } = openTicket(24);
  await person.type(await edit(), ' 3');
  await set('Status', 'New', 'On Hold');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  await release(1);
  await release(2);
  expect(await screen.findByText('#24 was changed.')).toBeTruthy();
  expect(changes().at(-1)).toMatchObject({ input: { title: 'Printer 3', expectedVersion: 2 } });
});

it('tells the others who edits the ticket that somebody types, and who else is there', async () => {
  const { person, edit, asked, events } = openTicket(28);
  await person.type(await edit(), ' 3');
  const told = () =>
    asked.filter(({ name }) => name === 'ReportPresence').map(({ variables }) => variables.input);
  await waitFor(() => expect(told().at(-1)).toMatchObject({ ticketId: 28, isTyping: true }));
  const agent = { __typename: 'Agent', id: 'bo', name: 'Bo' };
  const present = [{ __typename: 'Presence', place: 'bo', isTyping: true, agent }];
  events.next({
    kind: 'presence',
    presence: { __typename: 'TicketPresence', ticketId: 28, present },
  } as LiveEvent);
  await screen.findByText('Bo is typing');
});

it('says of the key that edits, while two versions stand against each other, that these come first', async () => {
  const { set, isEnabled, theirs } = openTicket(29);
  theirs({ status: 'In Progress', version: 2 });
  await set('Status', 'New', 'On Hold');
  await screen.findByText(/Nothing was overwritten/);
  await isEnabled('Leave it as it is');
  act(() => void runCommand('edit-ticket'));
  await screen.findByText('Choose between the two versions first.');
});
