import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { filedValues } from '../../../proto/ticket-fields.ts';
import type { OutboxEntry } from '../../state/live.tsx';
import { draw } from '../../testing/draw.tsx';
import { waitingEntry } from '../../testing/outbox-entry.ts';
import { CreateForm } from './CreateForm.tsx';
import { useCreateActions } from './use-create-actions.ts';

const filed = filedValues({ title: 'Printer', description: 'Blank pages', name: 'Nobody' });

function refusedEntry(requestId: string): OutboxEntry {
  const refusal = { lastError: 'Nobody is called so.', lastErrorField: 'name' };
  return waitingEntry({ ...filed, requestId, state: 'FAILED', attempts: 1, ...refusal });
}

const onLeave = vi.fn();

function Form({ entry }: { entry: OutboxEntry }) {
  const actions = useCreateActions(entry);
  return actions.edited.loaded && <CreateForm entry={entry} actions={actions} onLeave={onLeave} />;
}

const requester = () => screen.findByRole<HTMLInputElement>('combobox', { name: 'Requester' });

it('begins in the field that the service has refused, keeps what is typed, and sends all of it again', async () => {
  const entry = refusedEntry('0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01');
  const { person, asked, unmount } = draw(<Form entry={entry} />);
  const field = await requester();
  expect(document.activeElement).toBe(field);
  expect(await screen.findByText('Nobody is called so.')).toBeTruthy();
  await person.clear(field);
  await person.type(field, 'Ada ');
  expect(screen.queryByText('Nobody is called so.')).toBeNull();
  unmount();

  const again = draw(<Form entry={entry} />, {
    answer: ({ name }) =>
      name === 'EditCreate'
        ? { editCreate: { __typename: 'OutboxEntry', ...entry, state: 'QUEUED' } }
        : undefined,
  });
  expect(await requester()).toHaveProperty('value', 'Ada ');
  await again.person.click(screen.getByRole('button', { name: 'Save and send' }));
  await vi.waitFor(() => expect(onLeave).toHaveBeenCalledTimes(1));
  const edits = [...asked, ...again.asked].filter(({ name }) => name === 'EditCreate');
  expect(edits.map(({ variables }) => variables.input)).toEqual([
    { requestId: entry.requestId, ...filed, name: 'Ada' },
  ]);
});
