import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { MeDocument } from '../graphql/generated/operations.ts';
import type { LiveEvent } from '../state/live-feed.ts';
import { type Asked, draw } from '../testing/draw.tsx';
import { CommentBox } from './CommentBox.tsx';

const added = {
  addComment: { __typename: 'AddCommentResponse', success: true, requestId: '', state: 'QUEUED' },
};
const box = () => screen.getByRole('textbox') as HTMLTextAreaElement;
const sent = (asked: readonly Asked[]) =>
  asked
    .filter(({ name }) => name === 'AddComment')
    .map(({ variables }) => variables.input as { body: string; requestId: string });

it('keeps what is typed while the rest is on its way, as a comment of its own', async () => {
  let arrive = (_: typeof added) => {};
  const answered = new Promise<typeof added>((resolve) => {
    arrive = resolve;
  });
  const { person, asked } = draw(<CommentBox id={7} requestId="typed-on" />, {
    answer: ({ name }) => (name === 'AddComment' ? answered : undefined),
  });
  await person.type(box(), 'Toner is empty{Control>}{Enter}{/Control}\nOrdered');
  arrive(added);
  await waitFor(() => expect(box().value).toBe('Ordered'));
  await person.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(box().value).toBe(''));
  expect(sent(asked).map(({ body }) => body)).toEqual(['Toner is empty', 'Ordered']);
  expect(new Set(sent(asked).map(({ requestId }) => requestId)).size).toBe(2);
});

it('can be sent though an earlier press has added it as it was then', async () => {
  const used = { message: '', extensions: { code: 'CONFLICT', field: 'requestId' } };
  const { person, asked } = draw(<CommentBox id={7} requestId="used" />, {
    answer: ({ name, variables }) => {
      if (name !== 'AddComment') return undefined;
      if (sent([{ name, variables }])[0]?.requestId !== sent(asked)[0]?.requestId) return added;
      throw new CombinedGraphQLErrors({ errors: [used] });
    },
  });
  await person.type(box(), 'Toner is empty{Control>}{Enter}{/Control}');
  await screen.findByText(/An earlier press has added this/);
  expect(box().value).toBe('Toner is empty');
  await person.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(box().value).toBe(''));
});

it('tells who else is at the ticket, and not the person themselves in another window', async () => {
  const me = { __typename: 'Agent', id: 'ada', name: 'Ada' };
  const { client, events } = draw(<CommentBox id={7} requestId="present" />);
  client.writeQuery({ query: MeDocument, data: { me } });
  const at = (name: string, isTyping: boolean) => {
    return {
      __typename: 'Presence' as const,
      place: name,
      isTyping,
      agent: { ...me, id: name.toLowerCase(), name },
    };
  };
  const tell = (...present: ReturnType<typeof at>[]) =>
    events.next({
      kind: 'presence',
      presence: { __typename: 'TicketPresence', ticketId: 7, present },
    } as LiveEvent);
  tell(at('Ada', false), at('Bo', true));
  await screen.findByText('Bo is typing');
  tell(at('Ada', true));
  await waitFor(() => expect(screen.queryByText(/Ada|Bo/)).toBeNull());
});

it('is one stop of the Tab key for its two kinds, and one for its text', async () => {
  const { person } = draw(<CommentBox id={7} requestId="tabbed" />);
  expect(screen.getByRole('group', { name: 'Kind of comment' })).toBeTruthy();
  await person.tab();
  expect(document.activeElement).toBe(screen.getByRole('radio', { name: 'Note' }));
  await person.tab();
  expect(document.activeElement).toBe(box());
});
