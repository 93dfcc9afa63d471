import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runCommand } from '../../state/commands.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { sendFile } from './send-file.ts';

const fresh = {
  ...{
    __typename: 'Import',
    id: 'one',
    state: 'READY',
    reason: null as string | null,
    fileName: 'tickets.csv',
    author: null as { __typename: 'Agent'; id: string } | null,
  },
  ...{ isOwn: false, isDryRun: true, bytes: 100, bytesDone: 0 },
  ...{ rows: 0, imported: 0, wereThere: 0, refused: 0 },
  columns: [
    { __typename: 'ImportColumn', name: 'Summary', samples: ['Fan', 'Door'] },
    { __typename: 'ImportColumn', name: 'From', samples: ['Ada', 'Bo'] },
    { __typename: 'ImportColumn', name: 'Room', samples: ['12', ''] },
  ],
  mapping: [
    { __typename: 'ImportSource', part: 'title', column: 0 as number | null, otherwise: null },
    { __typename: 'ImportSource', part: 'name', column: 1 as number | null, otherwise: null },
    { __typename: 'ImportSource', part: 'status', column: null, otherwise: null },
    { __typename: 'ImportSource', part: 'assignee', column: null, otherwise: null },
  ],
};
type Job = typeof fresh;

const fileLabel = /An export of a desk/;
const pieces: { address: string; bytes: number }[] = [];
/** The document of tests has none of its own. */
function bytesOf(this: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(this);
  });
}

beforeEach(() => {
  pieces.length = 0;
  Blob.prototype.arrayBuffer = bytesOf;
  vi.stubGlobal('fetch', async (address: string, { body }: { body: ArrayBuffer }) => {
    pieces.push({ address, bytes: body.byteLength });
    return Response.json({ bytes: pieces.reduce((sum, piece) => sum + piece.bytes, 0) });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** @param steps what each question how far it is finds, one after the other */
function drawImport({ jobs = [], steps = [] }: { jobs?: Partial<Job>[]; steps?: Partial<Job>[] } = {}) {
  const begun = { ...fresh, author: { __typename: 'Agent' as const, id: 'ada' } };
  let job: Job | undefined = jobs[0] && { ...begun, ...jobs[0] };
  const others = jobs.slice(1).map((other) => ({ ...begun, ...other }));
  const answer = ({ name, variables }: Asked) => {
    const input = variables.input as { isDryRun: boolean };
    if (name === 'Agents') return { agents: [{ __typename: 'Agent', id: 'ada-1', name: 'Ada' }] };
    if (name === 'Me') return { me: null };
    if (name === 'Imports') {
      if (job && variables.id) job = { ...job, ...steps.shift() };
      return { me: { __typename: 'Agent', id: 'ada' }, imports: job ? [job, ...others] : [] };
    }
    if (name === 'PrepareImport') job = begun;
    if (name === 'PrepareImport') return { prepareImport: job };
    if (name === 'StartImport' && job) job = { ...job, state: 'RUNNING', isDryRun: input.isDryRun };
    if (name === 'StartImport') return { startImport: job };
    if (name === 'DiscardImport') return { discardImport: { __typename: 'Import', id: 'one' } };
    if (name === 'RefusedRows') {
      const nodes = [
        { __typename: 'RefusedRow', line: 3, field: 'status', message: 'Status must be one of …' },
      ];
      const refusedRows = { __typename: 'RefusedRows', nodes, endCursor: null };
      return { imports: [{ __typename: 'Import', refusedRows }] };
    }
    return undefined;
  };
  const drawn = draw(<ImportDialog />, { answer });
  act(() => runCommand('import'));
  const startsOf = () =>
    drawn.asked.filter(({ name }) => name === 'StartImport').map(({ variables }) => variables.input);
  return { ...drawn, startsOf };
}

it('leads from a file by its mapping and a check to its tickets', async () => {
  const { person, startsOf, asked } = drawImport({
    steps: [
      { state: 'DONE', bytesDone: 100, rows: 3, imported: 2, refused: 1 },
      { state: 'DONE', rows: 3, imported: 2, refused: 1 },
    ],
  });
  await person.upload(screen.getByLabelText(fileLabel), new File(['x'.repeat(1_500_000)], 'tickets.csv'));
  const row = within(await screen.findByRole('row', { name: /^Title/ }));
  expect(pieces.map(({ bytes }) => bytes)).toEqual([
    ...Array(5).fill(256 * 1024),
    1_500_000 - 5 * 256 * 1024,
  ]);
  expect(row.getByRole('cell', { name: 'Fan · Door' })).toBeTruthy();
  expect(screen.getByText('Left out: Room.')).toBeTruthy();
  await person.selectOptions(screen.getByLabelText('Column of Status'), 'Room');
  await person.selectOptions(screen.getByLabelText(/^Status where/), 'On Hold');
  await person.selectOptions(screen.getByLabelText(/^Assignee where/), 'Ada');
  await person.type(screen.getByLabelText(/^Requester where/), 'Di');
  await person.click(screen.getByRole('button', { name: 'Check all rows' }));
  await person.click(await screen.findByRole('button', { name: 'Import 2 tickets' }));
  // The table is there from the check on.
  await waitFor(() =>
    expect(screen.getByRole('status').textContent).toBe('3 rows: 2 tickets imported, 1 not taken.'),
  );
  const refused = within(screen.getByRole('table', { name: /Rows that can't be taken/ }));
  const mapping = [
    { part: 'title', column: 0, otherwise: null },
    { part: 'name', column: 1, otherwise: 'Di' },
    { part: 'status', column: 2, otherwise: 'On Hold' },
    { part: 'assignee', column: null, otherwise: 'ada-1' },
  ];
  expect(startsOf()).toEqual([
    { id: 'one', isDryRun: true, mapping },
    { id: 'one', isDryRun: false, mapping },
  ]);
  expect((await refused.findByRole('row', { name: /^3/ })).textContent).toBe(
    '3StatusStatus must be one of …',
  );
  await person.click(screen.getAllByRole('button', { name: 'Close' }).at(-1) as HTMLElement);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(asked.map(({ name }) => name)).toContain('DiscardImport');
});

it('shows what was begun before, why it waits, and lets it go on behind', async () => {
  const waiting = { state: 'WAITING', isDryRun: false, bytesDone: 50, rows: 1, imported: 1 };
  const steps: Partial<Job>[] = [];
  const { person, asked } = drawImport({ jobs: [{ ...waiting, reason: 'It goes on later.' }], steps });
  expect(await screen.findByText('It goes on later.')).toBeTruthy();
  expect(screen.getByRole('progressbar', { name: 'Importing' }).getAttribute('aria-valuenow')).toBe('50');
  await person.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).toBeNull();
  const line = within(await screen.findByRole('region', { name: 'Import' }));
  expect(line.getByText('Importing tickets.csv: 50 %. It goes on later.')).toBeTruthy();
  await person.click(line.getByRole('button', { name: 'Show' }));
  await screen.findByRole('dialog');
  await person.keyboard('{Escape}');
  await screen.findByRole('region', { name: 'Import' });
  steps.push({ state: 'DONE', bytesDone: 100, rows: 3, imported: 3, reason: null });
  expect(await screen.findByText('3 rows: 3 tickets imported.')).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Import' })).toBeNull();
  expect(asked.map(({ name }) => name)).not.toContain('DiscardImport');
});

it('shows what the person has begun, and not what others on the same server have', async () => {
  const author = { __typename: 'Agent' as const, id: 'bo' };
  drawImport({ jobs: [{ fileName: 'mine.csv' }, { fileName: 'theirs.csv', author }] });
  expect(await screen.findByText('Import tickets from mine.csv')).toBeTruthy();
});

it('puts away what was stopped, for another file', async () => {
  const stopped = { state: 'STOPPED', isDryRun: false, bytesDone: 50, rows: 1, imported: 1 };
  const { person, asked } = drawImport({ jobs: [stopped] });
  await person.click(await screen.findByRole('button', { name: 'Leave out the rest' }));
  const file = await screen.findByLabelText(fileLabel);
  await waitFor(() => expect(document.activeElement).toBe(file));
  expect(asked.map(({ name }) => name)).toContain('DiscardImport');
});

it('tells columns apart that are named alike or not at all', async () => {
  const [summary, from] = fresh.columns;
  const columns = [summary, { ...from, name: 'Summary' }, { ...from, name: '' }] as typeof fresh.columns;
  drawImport({ jobs: [{ columns }] });
  const select = await screen.findByLabelText('Column of Title');
  expect([...select.childNodes].map(({ textContent }) => textContent)).toEqual([
    ...['None', 'Summary (column 1)', 'Summary (column 2)', 'Column 3'],
  ]);
  expect(screen.getByText('Left out: Column 3.')).toBeTruthy();
});

it('gives up a server that takes a piece and never answers, after it was asked twice', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const fetched = vi.fn(
    (_address: string, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  vi.stubGlobal('fetch', fetched);
  const { signal } = new AbortController();
  const sent = sendFile(new Blob(['x']), { id: 'one', headers: {}, signal, onProgress: () => {} });
  const failed = vi.fn();
  const end = sent.catch(failed);
  await vi.waitFor(() => expect(fetched).toHaveBeenCalledOnce());
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(failed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  await end;
  expect(failed).toHaveBeenCalledWith(new Error('The server is silent.'));
});

it('says why a file is not taken, and asks for another', async () => {
  const { person } = drawImport();
  vi.stubGlobal('fetch', async () =>
    Response.json({ errors: [{ message: 'The disk is full.' }] }, { status: 500 }),
  );
  await person.upload(screen.getByLabelText(fileLabel), new File(['x'], 'tickets.csv'));
  expect(await screen.findByText('The disk is full.')).toBeTruthy();
  expect(screen.getByLabelText(fileLabel)).toBeTruthy();
});
