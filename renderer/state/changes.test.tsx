import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { draw } from '../testing/draw.tsx';
import { type Changes, forgetChanges, useChanges } from './changes.ts';
import { runCommand } from './commands.ts';
import { onOwnChange } from './own-changes.ts';
import { offerUndo } from './undo.ts';

beforeEach(forgetChanges);

function Hands({ take }: { take(changes: Changes): void }) {
  take(useChanges());
  return null;
}

const refused = [{ __typename: 'TicketFailure', message: 'Bo has changed it since.' }];

function drawChanges(failures: () => readonly object[] = () => []) {
  let changes = {} as Changes;
  const drawn = draw(
    <Hands
      take={(taken) => {
        changes = taken;
      }}
    />,
    {
      answer: ({ name }) => {
        if (name !== 'UndoChange') return undefined;
        const found = failures();
        return {
          undoChange: { __typename: 'UndoChangeResponse', success: found.length === 0, failures: found },
        };
      },
    },
  );
  const set = (id: string, orElse?: () => Promise<unknown>) => {
    const made = { way: 'ticket', id, ticketId: 12, what: `status of #12 to ${id}` } as const;
    return changes.made(made, orElse);
  };
  const undone = () =>
    drawn.asked
      .filter(({ name }) => name === 'UndoChange')
      .map(({ variables }) => variables.input as { requestId: string; undoes: string });
  return { ...drawn, changes: () => changes, set, undone };
}

it('undoes the last first, does it again, and says which', async () => {
  const { set, undone } = drawChanges();
  await screen.findByRole('region', { name: 'Messages' });
  set('New');
  set('Completed');
  act(() => runCommand('undo'));
  await screen.findByText('Undone: status of #12 to Completed.');
  act(() => runCommand('undo'));
  await screen.findByText('Undone: status of #12 to New.');
  act(() => runCommand('redo'));
  await screen.findByText('Redone: status of #12 to New.');
  const [first, second, third] = undone();
  expect([first?.undoes, second?.undoes, third?.undoes]).toEqual(['Completed', 'New', second?.requestId]);
  act(() => runCommand('undo'));
  await waitFor(() => expect(undone().at(-1)?.undoes).toBe(third?.requestId));
});

it('says of a change only what became of it last, however often it is undone and done again', async () => {
  const { set } = drawChanges();
  const messages = await screen.findByRole('region', { name: 'Messages' });
  const says = (text: string) => waitFor(() => expect(messages.textContent).toBe(text));
  set('Completed');
  for (const [command, said] of [
    ['undo', 'Undone'],
    ['redo', 'Redone'],
    ['undo', 'Undone'],
  ] as const) {
    act(() => runCommand(command));
    await says(`${said}: status of #12 to Completed.`);
  }
});

it('tells the list of what is undone after the late news of the change itself, which would pass for that', async () => {
  const { changes, events, undone } = drawChanges();
  await screen.findByRole('region', { name: 'Messages' });
  const heard: string[] = [];
  onTestFinished(onOwnChange(() => heard.push('undone')));
  changes().made({ way: 'ticket', id: 'Completed', ticketId: 12, leaves: true, what: 'status of #12' });
  act(() => runCommand('undo'));
  await waitFor(() => expect(undone()).toHaveLength(1));
  heard.push('told');
  const change = {
    __typename: 'TicketChange',
    kind: 'UPDATED',
    id: 12,
    requestId: null,
    ticket: null,
  } as const;
  events.next({ kind: 'ticket', change });
  await screen.findByText('Undone: status of #12.');
  expect(heard).toEqual(['told', 'undone']);
});

it("is refused in the service's words when somebody else has changed the same, and not offered again", async () => {
  const { set, undone } = drawChanges(() => refused);
  await screen.findByRole('region', { name: 'Messages' });
  set('Completed');
  act(() => runCommand('undo'));
  await screen.findByText('Not undone: status of #12 to Completed. Bo has changed it since.');
  act(() => runCommand('undo'));
  await screen.findByText('There is nothing to undo.');
  expect(undone()).toHaveLength(1);
});

it('is tried again under the same id where no answer came', async () => {
  let isAway = true;
  const { set, undone } = drawChanges(() => {
    if (isAway) throw new Error('no answer');
    return [];
  });
  await screen.findByRole('region', { name: 'Messages' });
  set('Completed');
  act(() => runCommand('undo'));
  await screen.findByText(/^Not undone: /);
  isAway = false;
  act(() => runCommand('undo'));
  await screen.findByText('Undone: status of #12 to Completed.');
  expect(new Set(undone().map(({ requestId }) => requestId)).size).toBe(1);
});

it('takes back in another way what an older service can not undo', async () => {
  const { set } = drawChanges(() => {
    const error = { message: 'This service is too old for it.', extensions: { code: 'UNAVAILABLE' } };
    throw new CombinedGraphQLErrors({ errors: [error] });
  });
  await screen.findByRole('region', { name: 'Messages' });
  const taken: string[] = [];
  set('Completed', async () => taken.push('back'));
  act(() => runCommand('undo'));
  await waitFor(() => expect(taken).toEqual(['back']));
});

it('undoes what has no request as well, in the order of time', async () => {
  const { set, undone } = drawChanges();
  await screen.findByRole('region', { name: 'Messages' });
  const back: string[] = [];
  set('Completed');
  act(() => offerUndo({ text: 'Draft discarded.', undo: () => back.push('draft') }));
  act(() => runCommand('undo'));
  await waitFor(() => expect(back).toEqual(['draft']));
  await screen.findByText('Undone.');
  expect(undone()).toEqual([]);
  act(() => runCommand('undo'));
  await waitFor(() => expect(undone()).toHaveLength(1));
});
