import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { filedValues } from '../../../proto/ticket-fields.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { NewTicketPanel } from './NewTicketPanel.tsx';

const title = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Title' });

/** Types a new ticket and files it with a server that answers so. */
async function file(answer: (asked: Asked) => Record<string, unknown> | undefined) {
  const drawn = draw(<NewTicketPanel />, { answer });
  const { person, asked } = drawn;
  await vi.waitFor(() => expect(document.activeElement).toBe(title()));
  await person.keyboard(' Printer ');
  await person.type(screen.getByRole('combobox', { name: 'Requester' }), 'Ada');
  await person.click(screen.getByRole('button', { name: 'File ticket' }));
  const creates = () => asked.filter(({ name }) => name === 'CreateTicket').map((each) => each.variables);
  await vi.waitFor(() => expect(creates()).not.toHaveLength(0));
  return { ...drawn, creates };
}

const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);

it('shows why a ticket was refused beside its field, keeps the text, and files the same ticket once it is mended', async () => {
  let isRefused = true;
  const { person, creates } = await file(({ name, variables }) => {
    if (name !== 'CreateTicket') return undefined;
    const extensions = { code: 'BAD_USER_INPUT', field: 'input.title' };
    const errors = [{ message: 'Say which printer.', extensions }];
    if (isRefused) throw new CombinedGraphQLErrors({ errors });
    const { requestId } = variables.input as { requestId: string };
    const create = {
      __typename: 'CreateTicketResponse',
      success: true,
      requestId,
      state: 'QUEUED',
      id: null,
    };
    return { createTicket: create };
  });
  expect(await screen.findByText('Say which printer.')).toBeTruthy();
  await vi.waitFor(() => expect(document.activeElement).toBe(title()));
  isRefused = false;
  await person.type(title(), '4');
  expect(screen.queryByText('Say which printer.')).toBeNull();
  await person.click(screen.getByRole('button', { name: 'File ticket' }));
  await screen.findByText(/is saved on/);
  const filed = (title: string) => ({ input: { ...filedValues({ title, name: 'Ada' }), requestId } });
  expect(creates()).toEqual([filed('Printer'), filed('Printer 4')]);
  const [first, second] = creates().map(({ input }) => (input as { requestId: string }).requestId);
  expect(second).toBe(first);
});
