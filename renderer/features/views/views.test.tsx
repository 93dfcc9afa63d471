import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { runCommand } from '../../state/commands.ts';
import { useViews } from '../../state/own-views.tsx';
import { shownList } from '../../state/shown-list.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { linkEvent } from '../../testing/link-event.ts';
import { Sidebar } from './Sidebar.tsx';
import { ViewBar } from './ViewBar.tsx';

const saved = (id: string, over: object = {}) => ({
  ...{ __typename: 'View', id, name: `View ${id}`, shared: false, query: 'printer', key: null, version: 1 },
  ...{ order: { __typename: 'TicketSorting', by: 'DUE', direction: 'ASC' }, columns: ['id', 'title'] },
  ...over,
});

let views: ReturnType<typeof saved>[];
beforeEach(() => {
  localStorage.clear();
  views = [saved('a'), saved('b'), saved('c', { shared: true })];
});

function answer({ name, variables }: Asked) {
  const { input } = variables as { input: Record<string, unknown> };
  if (name === 'Views') return { views };
  if (name === 'Me') return { me: { __typename: 'Agent', id: 'ada', name: 'Ada' } };
  if (name === 'MoveView') {
    const [moved] = views.splice(
      views.findIndex(({ id }) => id === input.id),
      1,
    );
    if (moved)
      views.splice(
        views.findIndex(({ id }) => id === input.beforeId),
        0,
        moved,
      );
    return { moveView: { success: true } };
  }
  if (name === 'DeleteView') {
    views = views.filter(({ id }) => id !== input.id);
    return { deleteView: { success: true } };
  }
  if (name !== 'SaveView') return undefined;
  if (input.name === '') throw new CombinedGraphQLErrors({ errors: [nameless] });
  const before = views.find(({ id }) => id === input.id);
  if (before && before.version !== input.expectedVersion)
    throw new CombinedGraphQLErrors({ errors: [{ message: 'It was changed meanwhile.' }] });
  const view = saved(String(input.id), { ...input, version: Number(input.expectedVersion ?? 0) + 1 });
  views = [...views.filter(({ id }) => id !== view.id), view];
  return { saveView: { view } };
}
const nameless = {
  message: 'name is empty. Give it some text.',
  extensions: { code: 'BAD_USER_INPUT', field: 'name' },
};

function Views() {
  const all = useViews();
  return (
    <>
      <Sidebar views={all} counts={new Map([['a', { count: 1_000, exact: false }]])} countsNote={null} />
      <ViewBar />
      <div data-ticket-list data-testid="list" tabIndex={-1} />
    </>
  );
}

const show = (over: object = {}) =>
  shownList.set({
    ...{
      query: 'is:open printer',
      words: '',
      order: 'CREATED_DESC',
      columns: ['id', 'title'],
      isChanged: false,
    },
    ...{ reset: () => undefined, ...over },
  });
const names = () =>
  [...document.querySelectorAll('.saved-view .nav-link bdi')].map(({ textContent }) => textContent);
const link = (name: string) => screen.findByRole('button', { name: new RegExp(`^${name}`) });
const inputs = (asked: readonly Asked[], name: string) =>
  asked.filter((each) => each.name === name).map(({ variables }) => variables.input);
const menu = async (person: ReturnType<typeof draw>['person'], view: string, item: string) => {
  await person.click(await screen.findByRole('button', { name: `What to do with the view “${view}”` }));
  await person.click(screen.getByRole('button', { name: item }));
};

const undo = async (person: ReturnType<typeof draw>['person']) => {
  const button = await screen.findByRole('button', { name: 'Undo' });
  await person.click(button);
  await waitFor(() => expect(button.isConnected).toBe(false));
};

it('shows what is built in, the own and the shared views, each with its count', async () => {
  draw(<Views />, { answer });
  await link('View a');
  const headings = screen.getAllByRole('heading').map(({ textContent }) => textContent);
  expect(headings).toEqual(['Views', 'My views', 'Shared views']);
  expect(names()).toEqual(['View a', 'View b', 'View c']);
  expect((await link('View a')).querySelector('.count')?.textContent).toBe('1,000+');
});

it('moves a view up and down by keys, within its kind, and keeps the focus on it', async () => {
  const { person, asked } = draw(<Views />, { answer });
  (await link('View b')).focus();
  await person.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(names()).toEqual(['View b', 'View a', 'View c']);
  expect(document.activeElement).toBe(await link('View b'));
  expect(screen.getByRole('status', { name: 'Order of my views' }).textContent).toBe('View b: 1 of 2');
  await person.keyboard('{Alt>}{ArrowUp}{/Alt}');
  (await link('View c')).focus();
  await person.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(inputs(asked, 'MoveView')).toEqual([{ id: 'b', beforeId: 'a' }]);
});

it('keeps what is shown under a name, and goes there', async () => {
  show();
  const { person, asked } = draw(<Views />, { answer });
  await link('View a');
  runCommand('save-view');
  const dialog = within(await screen.findByRole('dialog', { name: 'Save as a view' }));
  await waitFor(() => expect(dialog.getByLabelText('Me alone')).toHaveProperty('disabled', false));
  const keys = within(dialog.getByLabelText(/^Key/)).getAllByRole('option');
  // Those of commands are not offered.
  expect(keys.map(({ textContent }) => textContent)).not.toContain('o');
  await person.keyboard('Printers{Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(inputs(asked, 'SaveView')).toEqual([
    expect.objectContaining({
      ...{ name: 'Printers', shared: false, query: 'is:open printer', expectedVersion: null },
      order: { by: 'CREATED', direction: 'DESC' },
    }),
  ]);
  expect((await link('Printers')).getAttribute('aria-current')).toBe('page');
});

it('says at the name what is wrong with it, and stays', async () => {
  show();
  const { person } = draw(<Views />, { answer });
  await link('View a');
  runCommand('save-view');
  await screen.findByRole('dialog');
  await person.keyboard('{Enter}');
  const field = await screen.findByRole('textbox', { name: 'Name', description: /^Name is empty/ });
  expect(field.getAttribute('aria-invalid') ?? field.className).toContain('invalid');
});

it('tells that a view is not shown as it is saved, and saves or resets it on demand', async () => {
  const { person, asked } = draw(<Views />, { answer });
  await person.click(await link('View b'));
  expect(screen.queryByRole('region', { name: 'Changed view' })).toBeNull();
  let resets = 0;
  show({ isChanged: true, reset: () => (resets += 1) });
  const bar = within(await screen.findByRole('region', { name: 'Changed view' }));
  await person.click(bar.getByRole('button', { name: 'Reset' }));
  expect(inputs(asked, 'SaveView')).toEqual([]);
  await person.click(bar.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(resets).toBe(2));
  expect(inputs(asked, 'SaveView')).toMatchObject([
    { id: 'b', name: 'View b', query: 'is:open printer', expectedVersion: 1 },
  ]);
  await person.click(await link('View a'));
  await undo(person);
  await waitFor(() =>
    expect(inputs(asked, 'SaveView')[1]).toMatchObject({ id: 'b', query: 'printer', expectedVersion: 2 }),
  );
  // Wherever the person has gone since, there they stay.
  expect((await link('View a')).getAttribute('aria-current')).toBe('page');
});

it('renames, shares and deletes a view, each with Undo', async () => {
  const { person, asked } = draw(<Views />, { answer });
  await link('View a');
  await menu(person, 'View b', 'Rename, key…');
  const name = await screen.findByRole('textbox', { name: 'Name' });
  await waitFor(() => expect(document.activeElement).toBe(name));
  await person.keyboard('{End} new{Enter}');
  await link('View b new');
  await undo(person);
  await waitFor(() => expect(names()).toContain('View b'));
  await menu(person, 'View b', 'Share with everybody');
  await undo(person);
  await waitFor(() => expect(inputs(asked, 'SaveView')).toHaveLength(4));
  expect(inputs(asked, 'SaveView').slice(2)).toMatchObject([
    { id: 'b', shared: true, expectedVersion: 3 },
    { id: 'b', shared: false, expectedVersion: 4 },
  ]);
  await menu(person, 'View a', 'Delete');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('list')));
  await waitFor(() => expect(names()).not.toContain('View a'));
  await undo(person);
  await waitFor(() => expect(names()).toContain('View a'));
});

it('leaves a shared view its key, where the person has one of their own with the same', async () => {
  views = [saved('a', { key: 'q' }), saved('c', { key: 'q', shared: true })];
  const { person, asked } = draw(<Views />, { answer });
  await link('View a');
  await menu(person, 'View c', 'Rename, key…');
  expect(screen.getByLabelText(/^Key after/)).toHaveProperty('value', 'q');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(inputs(asked, 'SaveView')).toMatchObject([{ id: 'c', key: 'q' }]));
});

it('changes of a view that others changed meanwhile only what was typed, once that was seen', async () => {
  const { person, asked } = draw(<Views />, { answer });
  await link('View c');
  await menu(person, 'View c', 'Rename, key…');
  views = [saved('c', { shared: true, name: 'Theirs', query: 'scanner', version: 2 })];
  await person.selectOptions(screen.getByLabelText(/^Key after/), 'q');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('It was changed meanwhile.');
  await waitFor(() =>
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveProperty('value', 'Theirs'),
  );
  await person.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(inputs(asked, 'SaveView')[1]).toMatchObject({ name: 'Theirs', query: 'scanner', key: 'q' });
});

it('keeps what is typed of a view that somebody takes or deletes meanwhile, and makes it anew', async () => {
  const { person, asked } = draw(<Views />, { answer });
  await link('View c');
  await menu(person, 'View c', 'Rename, key…');
  const name = () => screen.getByRole('textbox', { name: 'Name' });
  await person.clear(name());
  await person.keyboard('Paper jams');
  views = [saved('a'), saved('c', { version: 2 })];
  dispatchEvent(new Event('focus'));
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Shared views' })).toBeNull());
  expect(name()).toHaveProperty('value', 'Paper jams');
  views = [saved('a')];
  dispatchEvent(new Event('focus'));
  await screen.findByText('Somebody has deleted this view meanwhile. Save makes it anew.');
  expect(document.activeElement).toBe(name());
  await person.keyboard('{Enter}');
  await link('Paper jams');
  expect(inputs(asked, 'SaveView')).toMatchObject([
    { id: 'c', name: 'Paper jams', query: 'printer', expectedVersion: null },
  ]);
});

it('goes to the open tickets, with a word, when the view that is shown is gone', async () => {
  const { person } = draw(<Views />, { answer });
  await person.click(await link('View c'));
  views = views.slice(0, 2);
  dispatchEvent(new Event('focus'));
  await screen.findByText('There is no view “View c” any more. These are the open tickets.');
  expect((await link('Open')).getAttribute('aria-current')).toBe('page');
});

it('lets nobody change a view while there is no link', async () => {
  const { person, events } = draw(<Views />, { answer });
  await link('View a');
  events.next(linkEvent({ state: 'OFFLINE', serviceVersion: null, reason: 'gone' }));
  await person.click(await screen.findByRole('button', { name: 'What to do with the view “View a”' }));
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Delete' }).getAttribute('aria-disabled')).toBe('true'),
  );
});
