import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { forgetChanges } from '../../state/changes.ts';
import { type Chosen, ChosenProvider } from '../../state/chosen.ts';
import { runCommand } from '../../state/commands.ts';
import { wantedExport } from '../../state/wanted-export.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { BulkActions } from './BulkActions.tsx';
import { BulkStrip } from './BulkStrip.tsx';

const me = { __typename: 'Agent', id: 'a1', name: 'Ada' };

const nothing = { changes: [], addTags: [], removeTags: [], isDelete: false };
const fresh = {
  ...{ __typename: 'BulkJob', id: 'job', state: 'READY', isStopping: false, isResumed: false },
  ...{ author: me, reason: null, undoes: null },
  ...{ createdAt: '2026-11-01T10:00:00Z', total: 3, done: 0, changed: 0, failed: 0 },
  ...nothing,
};
type Job = Omit<typeof fresh, 'reason' | 'undoes' | 'changes'> & {
  reason: string | null;
  undoes: string | null;
  changes: { field: string; to: string | null }[];
};
const toCompleted: Partial<Job> = { changes: [{ field: 'status', to: 'Completed' }] };

beforeEach(() => {
  forgetChanges();
  localStorage.clear();
});

/** The desk's own jobs, as far as the page asks. */
function drawBulk({
  chosen = null,
  total = 3,
  jobs = [],
  undoing = {},
}: {
  chosen?: Chosen | null;
  total?: number;
  jobs?: Partial<Job>[];
  /** What there is to say of each that undoes another, as it begins. */
  undoing?: Partial<Job>;
}) {
  const known: Job[] = jobs.map((job) => ({ ...fresh, ...job }));
  const of = (id: unknown) => known.find((job) => job.id === id) as Job;
  const answer = ({ name, variables }: Asked) => {
    const input = (variables.input ?? {}) as Record<string, unknown>;
    if (name === 'Me') return { me };
    if (name === 'Agents') return { agents: [me] };
    if (name === 'BulkJobs') return { bulkJobs: known.map((job) => ({ ...job })) };
    if (name === 'BulkFailures') {
      const failures = [{ __typename: 'TicketFailure', id: 7, message: 'Bo has changed it since.' }];
      return { bulkJobs: [of(variables.id)].map(() => ({ __typename: 'BulkJob', failures })) };
    }
    if (name === 'PrepareBulk') {
      const { changes, ...rest } = input as { changes?: Record<string, string | null>; id: string };
      const named = Object.entries(changes ?? {}).map(([field, to]) => ({ field, to }));
      known.push({ ...fresh, total, ...rest, changes: named } as Job);
      return { prepareBulk: { ...of(input.id) } };
    }
    if (name === 'StartBulk') {
      Object.assign(of(input.id), { state: 'RUNNING' });
      return { startBulk: { ...of(input.id) } };
    }
    if (name === 'StopBulk') {
      Object.assign(of(input.id), { state: 'STOPPED' });
      return { stopBulk: { ...of(input.id) } };
    }
    if (name === 'UndoBulk') {
      const undone = of(input.undoes);
      known.push({
        ...fresh,
        id: String(input.id),
        undoes: undone.id,
        state: 'RUNNING',
        total: undone.changed,
        ...undoing,
      });
      return { undoBulk: { ...of(input.id) } };
    }
    return undefined;
  };
  const choice = { chosen, count: undefined, chooseAll() {}, clear() {} };
  const drawn = draw(
    <ChosenProvider value={choice}>
      <div tabIndex={-1} data-ticket-list />
      {chosen && <BulkActions />}
      <BulkStrip />
    </ChosenProvider>,
    { answer },
  );
  const inputs = (name: string) =>
    drawn.asked.filter((asked) => asked.name === name).map(({ variables }) => variables.input);
  return { ...drawn, known, inputs };
}

const ids = (...list: number[]): Chosen => ({ kind: 'ids', ids: list });

it.each([
  ['a choice', 'set-status', 'Completed', { changes: { status: 'Completed' } }],
  ['the next choice', 'set-priority', 'Urgent', { changes: { priority: 'Urgent' } }],
] as const)(
  'sets %s of the chosen tickets by its key, at once where they are few',
  async (_, command, choice, wish) => {
    const { person, inputs } = drawBulk({ chosen: ids(4, 5, 6) });
    await screen.findByRole('button', { name: 'Delete' });
    act(() => runCommand(command));
    await person.click(await screen.findByRole('menuitem', { name: choice }));
    await waitFor(() => expect(inputs('StartBulk')).toHaveLength(1));
    expect(inputs('PrepareBulk')).toEqual([expect.objectContaining({ ids: [4, 5, 6], ...wish })]);
  },
);

it('gives them to me, to nobody, and takes them away, by the keys of one ticket', async () => {
  const { person, inputs } = drawBulk({ chosen: ids(4, 5) });
  await screen.findByRole('button', { name: 'Delete' });
  act(() => runCommand('assign-to-me'));
  await waitFor(() => expect(inputs('PrepareBulk')).toHaveLength(1));
  act(() => runCommand('set-assignee'));
  await person.click(await screen.findByRole('option', { name: 'Nobody' }));
  await waitFor(() => expect(inputs('PrepareBulk')).toHaveLength(2));
  act(() => runCommand('delete-ticket'));
  await waitFor(() => expect(inputs('StartBulk')).toHaveLength(3));
  expect(inputs('PrepareBulk')).toEqual([
    expect.objectContaining({ changes: { assigneeId: 'a1' } }),
    expect.objectContaining({ changes: { assigneeId: null } }),
    expect.objectContaining({ isDelete: true }),
  ]);
});

it('adds tags to those that each has, or removes some, and nothing by leaving', async () => {
  const { person, inputs } = drawBulk({ chosen: ids(4) });
  for (const [button, part] of [
    ['Add tags', 'addTags'],
    ['Remove tags', 'removeTags'],
  ] as const) {
    await person.click(await screen.findByRole('button', { name: button }));
    const dialog = await screen.findByRole('dialog', { name: button });
    await person.type(within(dialog).getByRole('combobox'), 'VPN');
    await person.click(document.body);
    await waitFor(() => expect(screen.getByRole('button', { name: button }).ariaExpanded).toBe('false'));
    await person.click(screen.getByRole('button', { name: button }));
    const again = await screen.findByRole('dialog', { name: button });
    await person.type(within(again).getByRole('combobox'), 'VPN');
    await person.click(within(again).getByRole('button', { name: button }));
    await waitFor(() => expect(inputs('PrepareBulk').at(-1)).toMatchObject({ [part]: ['vpn'] }));
  }
  expect(inputs('PrepareBulk')).toHaveLength(2);
});

it.each([
  ['more than a few', ids(...Array.from({ length: 21 }, (_, index) => index + 1)), 21],
  ['all that match', { kind: 'all', filter: { query: 'printer' }, except: [9] } satisfies Chosen, 3],
] as const)('asks before %s are changed, and changes nothing without a yes', async (_, chosen, total) => {
  const { person, inputs } = drawBulk({ chosen, total });
  await person.click(await screen.findByRole('button', { name: 'Delete' }));
  await person.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(inputs('StartBulk')).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Delete' }));
  await screen.findByText(`Delete: ${total} tickets`);
  await person.click(screen.getByRole('button', { name: `Delete ${total} tickets` }));
  await waitFor(() => expect(inputs('StartBulk')).toHaveLength(1));
  expect(document.activeElement).toBe(document.querySelector('[data-ticket-list]'));
});

it.each([
  ['a few', ids(4, 5), { filter: {}, ids: [4, 5], words: '2 tickets chosen' }],
  [
    'all that match but one',
    { kind: 'all', filter: { query: 'printer' }, except: [9] } satisfies Chosen,
    { filter: { query: 'printer' }, except: [9], words: 'All that match but 1 chosen' },
  ],
] as const)('offers %s for an export, by the button and by the command', async (_, chosen, wanted) => {
  const { person } = drawBulk({ chosen });
  await person.click(await screen.findByRole('button', { name: 'Export…' }));
  expect(wantedExport.state()).toEqual(wanted);
  wantedExport.set(null);
  act(() => runCommand('export'));
  expect(wantedExport.state()).toEqual(wanted);
  wantedExport.set(null);
});

it('shows how far one is, and stops it, goes on with it and undoes it', async () => {
  const running = { ...toCompleted, state: 'RUNNING', total: 3_000, done: 1_200, changed: 1_200 };
  const { person, inputs } = drawBulk({ jobs: [running] });
  await screen.findByText('Setting status to Completed: 1,200 of 3,000');
  expect(screen.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('1,200 of 3,000');
  await person.click(screen.getByRole('button', { name: 'Stop' }));
  await screen.findByText('Setting status to Completed. Stopped: 1,200 changed, 1,800 not.');
  await person.click(screen.getByRole('button', { name: 'Go on' }));
  await person.click(await screen.findByRole('button', { name: 'Stop' }));
  await person.click(await screen.findByRole('button', { name: 'Undo' }));
  await screen.findByText(/^Undoing status of 1,200 tickets to Completed: 0 of 1,200/);
  expect(inputs('UndoBulk')).toEqual([expect.objectContaining({ undoes: 'job' })]);
  expect(screen.queryByText(/Stopped/)).toBeNull();
});

it('says why one waits', async () => {
  drawBulk({ jobs: [{ ...toCompleted, state: 'WAITING', reason: 'It waits for the link.' }] });
  await screen.findByText('Setting status to Completed: 0 of 3. It waits for the link.');
});

it('says at its end how many were changed, with Undo, and is gone', async () => {
  const { person, known, inputs } = drawBulk({ jobs: [{ ...toCompleted, state: 'RUNNING', total: 3_000 }] });
  await screen.findByRole('progressbar');
  Object.assign(known[0] as Job, { state: 'DONE', done: 3_000, changed: 3_000 });
  await screen.findByText('3,000 tickets changed.');
  expect(screen.queryByRole('progressbar')).toBeNull();
  await person.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(inputs('UndoBulk')).toHaveLength(1));
  Object.assign(known[1] as Job, { state: 'DONE', done: 2_999, changed: 2_999, failed: 1 });
  await screen.findByText('Undone: status of 2,999 tickets to Completed.');
  // Done again is the undo undone.
  act(() => runCommand('redo'));
  await waitFor(() => expect(inputs('UndoBulk').at(-1)).toMatchObject({ undoes: known[1]?.id }));
  await screen.findByText(/^Redoing status of 2,999 tickets to Completed: /);
});

it('undoes nothing of one that has changed nothing, but what was done before it', async () => {
  const { person, known, inputs } = drawBulk({ chosen: ids(4, 5, 6) });
  for (const changed of [3, 0]) {
    await screen.findByRole('button', { name: 'Delete' });
    act(() => runCommand('set-status'));
    await person.click(await screen.findByRole('menuitem', { name: 'Completed' }));
    await waitFor(() => expect(known.at(-1)?.state).toBe('RUNNING'));
    Object.assign(known.at(-1) as Job, { state: 'DONE', done: 3, changed });
    await screen.findByText(new RegExp(`^${changed} tickets changed`));
  }
  act(() => runCommand('undo'));
  await waitFor(() =>
    expect(inputs('UndoBulk')).toEqual([expect.objectContaining({ undoes: known[0]?.id })]),
  );
});

it.each([
  ['that nobody could undo', { state: 'RUNNING' }],
  ['of which nothing is left to undo', { state: 'DONE', total: 0 }],
])('says of a bulk change %s that it was not undone, and offers no redo of it', async (_, undoing) => {
  const ended = { ...toCompleted, state: 'DONE', isResumed: true, total: 3, done: 3, changed: 3 };
  const { person, known } = drawBulk({ jobs: [ended], undoing });
  await person.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(known).toHaveLength(2));
  const job = known[1] as Job;
  if (job.state === 'RUNNING') Object.assign(job, { state: 'DONE', failed: 3 });
  await screen.findByText(`Not undone: status of ${job.total} tickets to Completed.`);
  act(() => runCommand('redo'));
  await screen.findByText('There is nothing to redo.');
});

it('leaves a bulk change to whoever began it', async () => {
  const running = { ...toCompleted, state: 'RUNNING', total: 3_000 };
  const { known } = drawBulk({
    jobs: [
      { ...running, id: 'theirs', author: { ...me, id: 'b2' } },
      { ...running, id: 'mine', total: 40 },
    ],
  });
  await screen.findByText('Setting status to Completed: 0 of 40');
  expect(screen.getAllByRole('progressbar')).toHaveLength(1);
  for (const job of known) Object.assign(job, { state: 'DONE', done: job.total, changed: job.total - 3 });
  await screen.findByText('37 tickets changed, 3 were so already.');
  expect(screen.queryByText(/3,000/)).toBeNull();
});

it('tells until it is put away of the end of one that went on after a restart, which the keys undo, too', async () => {
  const ended = { ...toCompleted, state: 'DONE', isResumed: true, total: 3_000, done: 3_000, changed: 3_000 };
  const { person, inputs } = drawBulk({
    jobs: [
      { ...ended, id: 'mine' },
      { ...ended, id: 'theirs', author: { ...me, id: 'b2' } },
    ],
  });
  await screen.findByText('3,000 tickets changed');
  await person.click(screen.getByRole('button', { name: 'Put this bulk change away' }));
  expect(screen.queryByText('3,000 tickets changed')).toBeNull();
  act(() => runCommand('undo'));
  await waitFor(() => expect(inputs('UndoBulk')).toEqual([expect.objectContaining({ undoes: 'mine' })]));
  act(() => runCommand('undo'));
  await screen.findByText('There is nothing to undo.');
  expect(inputs('UndoBulk')).toHaveLength(1);
});

it('lists what failed and why, until it is put away', async () => {
  const { person } = drawBulk({ jobs: [{ ...toCompleted, state: 'DONE', done: 2, changed: 2, failed: 1 }] });
  await person.click(await screen.findByRole('button', { name: '1 failed' }));
  const dialog = await screen.findByRole('dialog', { name: /1 ticket failed/ });
  await within(dialog).findByText('Bo has changed it since.');
  await person.click(within(dialog).getByRole('button', { name: '#7' }));
  expect(location.hash).toBe('#/ticket/7');
  await person.click(screen.getByRole('button', { name: 'Put this bulk change away' }));
  expect(screen.queryByRole('button', { name: '1 failed' })).toBeNull();
});
