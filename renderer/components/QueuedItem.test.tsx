import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ticketValues } from '../../proto/ticket-fields.ts';
import { CommentItem } from '../features/ticket/CommentItem.tsx';
import type { QueuedWriteFieldsFragment } from '../graphql/generated/operations.ts';
import { type Asked, draw } from '../testing/draw.tsx';
import { linkEvent } from '../testing/link-event.ts';
import { QueuedItem } from './QueuedItem.tsx';

const waiting: QueuedWriteFieldsFragment = {
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  ticketId: 7,
  ticketRequestId: null,
  createdAt: '2026-11-28T10:00:00.000000Z',
  author: null,
  state: 'QUEUED',
  attempts: 0,
  lastError: null,
  comment: { kind: 'NOTE', body: 'Toner is *empty*' },
  changes: [],
  current: null,
};
const button = (name: string) => screen.getByRole('button', { name });

it('says that a comment is on this computer and not sent yet', async () => {
  draw(<QueuedItem write={waiting} />);
  expect(screen.getByRole('article', { name: 'Note that waits' }).textContent).toContain('not sent yet');
  // Once the link is known to stand, it is gone in a moment.
  await waitFor(() => expect(screen.queryByRole('button')).toBeNull());
  expect(screen.queryByRole('status'), 'nor is it said').toBeNull();
});

it('can be changed and discarded as long as there is no link to send it by', async () => {
  const { events } = draw(<QueuedItem write={waiting} />);
  events.next(linkEvent({ state: 'OFFLINE', serviceVersion: null }));
  expect(await screen.findByRole('button', { name: 'Edit' })).toBeTruthy();
  expect(screen.getByRole('status').textContent).toContain('not sent yet');
  expect(button('Discard')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});

it('gives back to its author what could not be stored: to edit, copy, try again and discard', async () => {
  const failed = { ...waiting, state: 'FAILED' as const, lastError: 'This ticket is not there any more.' };
  const { person, asked } = draw(<QueuedItem write={failed} />);
  expect(screen.getByText('This ticket is not there any more.')).toBeTruthy();
  await person.click(button('Copy'));
  expect(await navigator.clipboard.readText()).toBe('Toner is *empty*');
  await person.click(button('Edit'));
  await person.type(screen.getByRole('textbox', { name: 'Comment' }), ' now');
  await person.click(button('Save'));
  const { requestId } = waiting;
  await waitFor(() =>
    expect(asked.at(-1)).toEqual({
      name: 'EditWrite',
      variables: { input: { requestId, body: 'Toner is *empty* now' } },
    }),
  );
});

it('says on a server whose it is, and leaves it to them', async () => {
  const ada = { __typename: 'Agent' as const, id: 'ada', name: 'Ada' };
  const failed = { ...waiting, requestId: 'of-ada', state: 'FAILED' as const, lastError: 'It was deleted.' };
  const answer = ({ name }: Asked) => (name === 'Me' ? { me: { ...ada, id: 'bo', name: 'Bo' } } : undefined);
  draw(<QueuedItem write={{ ...failed, author: ada }} />, { answer });
  await screen.findByText('Ada');
  const offered = within(screen.getByRole('article')).getAllByRole('button');
  expect(offered.map(({ textContent }) => textContent)).toEqual(['Copy', 'Discard']);
});

it('keeps what is made of it where it goes on as the stored comment, the keys with it', async () => {
  const failed = { ...waiting, requestId: 'sent-meanwhile', state: 'FAILED' as const };
  const stored = {
    ...{ id: '3', requestId: failed.requestId, kind: 'NOTE' as const, body: 'Toner is *empty*' },
    ...{ author: { id: 'mo', name: 'Mo' }, createdAt: new Date().toISOString(), editedAt: null },
  };
  const { person, rerender, asked } = draw(<QueuedItem key="waits" write={failed} />);
  await person.click(button('Edit'));
  const text = () => screen.getByRole('textbox', { name: 'Comment' }) as HTMLTextAreaElement;
  expect(document.activeElement).toBe(text());
  expect(text().selectionStart).toBe(failed.comment?.body.length);
  await person.clear(text());
  await person.type(text(), 'Toner is full');
  rerender(<CommentItem key="stored" comment={stored} isOwn onChanged={() => {}} />);
  expect(text().value).toBe('Toner is full');
  expect(document.activeElement).toBe(text());
  expect(text().selectionStart).toBe('Toner is full'.length);
  await person.keyboard('{Escape}');
  expect(text().value).toBe('Toner is full');
  await person.click(button('Save'));
  await waitFor(() =>
    expect(asked.at(-1)).toEqual({
      name: 'EditComment',
      variables: { input: { id: '3', body: 'Toner is full' } },
    }),
  );
});

it('puts both values of a clash beside each other, and sends what was chosen as mine alone', async () => {
  const theirs = ticketValues({ title: 'Theirs', description: '', name: 'Ada', status: 'On Hold' });
  const times = { id: 7, createdAt: null, updatedAt: null, version: 4, requestId: null, asOf: null };
  const clash: QueuedWriteFieldsFragment = {
    ...waiting,
    state: 'FAILED',
    comment: null,
    changes: [
      { field: 'title', to: 'Mine' },
      { field: 'status', to: 'Completed' },
    ],
    current: { ...theirs, ...times, assignee: null } as never,
  };
  const { person, asked } = draw(<QueuedItem write={clash} />);
  expect(button('Save what I chose')).toHaveProperty('disabled', true);
  await person.click(screen.getByRole('radio', { name: 'Theirs Theirs' }));
  await person.click(screen.getByRole('radio', { name: 'Mine Completed' }));
  await person.click(button('Save what I chose'));
  const { requestId } = waiting;
  await waitFor(() =>
    expect(asked.at(-1)).toEqual({
      name: 'RetryWrite',
      variables: { input: { requestId, keep: ['status'] } },
    }),
  );
});
