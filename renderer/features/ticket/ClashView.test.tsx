import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import type { TicketDetailFragment } from '../../graphql/generated/operations.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { TicketDetail } from './TicketDetail.tsx';

const values = ticketValues({ title: 'Printer', description: 'Blank pages', name: 'Ada', status: 'New' });

function ticket(id: number, changes: Partial<TicketDetailFragment> = {}): TicketDetailFragment {
  const times = { createdAt: '2026-11-28T10:00:00.000Z', updatedAt: '2026-11-28T12:00:00.000Z' };
  return {
    ...values,
    assignee: null,
    ...times,
    id,
    version: 3,
    requestId: `r-${id}`,
    asOf: null,
    ...changes,
  };
}

/** A ticket service on which somebody else has changed the ticket to `theirs` meanwhile, but for its status. */
function changedTo(id: number, theirs: Partial<TicketDetailFragment>) {
  const current = ticket(id, { ...theirs, version: 4 });
  return ({ name, variables }: Asked) => {
    if (name !== 'UpdateTicket') return undefined;
    const {
      expectedVersion,
      requestId: _,
      ...changes
    } = variables.input as {
      id: number;
      expectedVersion: number;
      requestId: string;
    };
    if (expectedVersion === 4 || 'status' in changes) {
      const written = { __typename: 'Ticket', ...current, ...changes, version: 5 };
      return { updateTicket: { __typename: 'UpdateTicketResult', id, success: true, ticket: written } };
    }
    const extensions = { code: 'CONFLICT', current };
    throw new CombinedGraphQLErrors({ errors: [{ message: 'Somebody else was quicker.', extensions }] });
  };
}

/** The same, and once more before the choice between the two is saved. */
function changedTwice(id: number, first: Partial<TicketDetailFragment>, next: Partial<TicketDetailFragment>) {
  const once = changedTo(id, first);
  const current = ticket(id, { ...next, version: 5 });
  return (asked: Asked) => {
    const { expectedVersion } = (asked.variables.input ?? {}) as { expectedVersion?: number };
    if (asked.name !== 'UpdateTicket' || expectedVersion !== 4) return once(asked);
    const extensions = { code: 'CONFLICT', current };
    throw new CombinedGraphQLErrors({ errors: [{ message: 'Somebody else was quicker.', extensions }] });
  };
}

/** Changes the title of a ticket that somebody else has changed as well, and saves it. */
async function clash(id: number, theirs: Partial<TicketDetailFragment>, answer = changedTo(id, theirs)) {
  const window = (
    <>
      <div data-ticket-list tabIndex={-1} />
      <TicketDetail ticket={ticket(id)} id={id} />
    </>
  );
  const drawn = draw(window, { answer });
  const { person } = drawn;
  await waitFor(() => expect(button('Edit').disabled).toBe(false));
  await person.click(button('Edit'));
  const title = screen.getByRole('textbox', { name: 'Title' });
  await person.clear(title);
  await person.type(title, 'Printer 4');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('form', { name: 'Choose between two versions' });
  const saves = () => drawn.asked.filter(({ name }) => name === 'UpdateTicket').map((each) => each.variables);
  return { ...drawn, saves };
}

const field = (name: RegExp) => within(screen.getByRole('group', { name }));
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

it('puts both values of a field beside each other, and writes nothing before one is chosen', async () => {
  const { person, saves } = await clash(1, { title: 'Laser printer' });
  const title = field(/^Title both changed it/);
  expect(title.getByRole('radio', { name: /Mine Printer 4/ })).toHaveProperty('checked', false);
  expect(title.getByRole('radio', { name: /Theirs Laser printer/ })).toHaveProperty('checked', false);
  expect(button('Save what I chose').disabled).toBe(true);
  expect(screen.getByText('Choose mine or theirs for Title first.')).toBeTruthy();
  await person.keyboard('{Enter}');
  expect(saves()).toHaveLength(1);
});

it('writes what was chosen as mine over the version that was shown', async () => {
  const { person, saves } = await clash(2, { title: 'Laser printer' });
  await person.click(screen.getByRole('radio', { name: /^Mine/ }));
  await person.click(button('Save what I chose'));
  expect(await screen.findByText('#2 was changed.')).toBeTruthy();
  expect(saves().at(-1)).toMatchObject({ input: { id: 2, title: 'Printer 4', expectedVersion: 4 } });
});

it('asks again for a field that they have changed once more, which nobody has chosen over', async () => {
  const [first, next] = [{ title: 'Laser printer' }, { title: 'Plotter' }];
  const { person, saves } = await clash(7, first, changedTwice(7, first, next));
  await person.click(screen.getByRole('radio', { name: /^Mine/ }));
  await person.click(button('Save what I chose'));
  expect(await screen.findByRole('radio', { name: /Theirs Plotter/ })).toBeTruthy();
  expect(screen.getByRole('radio', { name: /^Mine/ })).toHaveProperty('checked', false);
  expect(screen.getByText(/^Title was changed once more/)).toBeTruthy();
  await person.click(button('Save what I chose'));
  expect(saves()).toHaveLength(2);
});

it('keeps theirs without a request where nothing was chosen as mine', async () => {
  const { person, saves } = await clash(3, { title: 'Laser printer' });
  await person.click(screen.getByRole('radio', { name: /^Theirs/ }));
  await person.click(button('Keep theirs'));
  expect(await screen.findByRole('button', { name: 'Edit' })).toBeTruthy();
  expect(saves()).toHaveLength(1);
});

it('has chosen beforehand in each field that one side alone has changed', async () => {
  await clash(4, { description: '' });
  const mine = field(/^Title only you changed it/).getByRole('radio', { name: /^Mine/ });
  const theirs = field(/^Description only they changed it/).getByRole('radio', { name: 'Theirs empty' });
  expect(mine).toHaveProperty('checked', true);
  expect(theirs).toHaveProperty('checked', true);
  expect(document.activeElement).toBe(mine);
  expect(button('Save what I chose').disabled).toBe(false);
});

it('goes back to the typed text with Escape', async () => {
  const { person } = await clash(5, { title: 'Laser printer' });
  screen.getAllByRole('radio')[0]?.focus();
  await person.keyboard('{Escape}');
  expect(screen.getByRole('textbox', { name: 'Title' })).toHaveProperty('value', 'Printer 4');
});

it('stays when another field is set meanwhile', async () => {
  const { person, saves } = await clash(6, { title: 'Laser printer' });
  await person.click(screen.getByRole('button', { name: 'Status: New' }));
  await person.click(screen.getByRole('menuitemradio', { name: 'On Hold' }));
  await waitFor(() => expect(saves()).toHaveLength(2));
  // The answer has been taken in once the next one is asked for.
  await person.click(screen.getByRole('radio', { name: /^Mine/ }));
  await person.click(button('Save what I chose'));
  await waitFor(() => expect(saves().at(-1)).toMatchObject({ input: { title: 'Printer 4' } }));
});
