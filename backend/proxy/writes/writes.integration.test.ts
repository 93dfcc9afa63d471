/** Comments and changes through GraphQL, the disk, gRPC and SQL, with links that break and desks that are started again. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Relay, startRelay } from '../../testing/relay.ts';
import { queryAt } from '../../testing/test-database.ts';
import { testFolder } from '../../testing/test-folder.ts';
import { linkState } from '../testing/link-state.ts';
import { type ProxyOn, proxyOn, type RealDesk, startRealDesk } from '../testing/real-proxy.ts';

const ada = { id: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01', name: 'Ada' };

let desk: RealDesk;
let relay: Relay;
let own: ProxyOn;
let dataDir: string;
let ticketId: number;

beforeAll(async () => {
  desk = await startRealDesk();
  relay = await startRelay({ to: desk.service.address });
});
afterAll(async () => {
  await relay.close();
  await desk.stop();
});
beforeEach(async () => {
  dataDir = testFolder();
  await relay.mend();
  own = await open();
  await linkState(own.client);
  const { id } = await desk.service.call('CreateTicket', { title: 'Printer', description: '', name: 'Cy' });
  ticketId = id;
  return async () => {
    await own.stop();
  };
});

const open = () => proxyOn({ address: relay.address, dataDir, agent: ada });

async function cut(): Promise<void> {
  await relay.cut('refuse');
  await linkState(own.client, 'OFFLINE');
}
async function mend(): Promise<void> {
  await relay.mend();
  await linkState(own.client);
}
async function restart(): Promise<void> {
  await own.stop();
  own = await open();
}

async function comment(body: string, fields: object = {}) {
  const input = { requestId: uuidv7(), ticketId, kind: 'NOTE', body, ...fields };
  const answer = await own.ask(
    'mutation($input: AddComment!) { addComment(input: $input) { success requestId state id } }',
    { input },
  );
  return answer.data?.addComment ?? answer.errors;
}
async function change(fields: object) {
  const input = { id: ticketId, requestId: uuidv7(), ...fields };
  const answer = await own.ask(
    'mutation($input: UpdateTicket!) { updateTicket(input: $input) { success state ticket { version status } } }',
    { input },
  );
  return answer.data?.updateTicket ?? answer.errors?.[0];
}
async function writes() {
  const query = `{ outbox { waiting failed writes {
    requestId ticketId ticketRequestId state lastError comment { kind body } changes { field to } current { title } author { name }
  } } }`;
  return (await own.ask(query)).data.outbox;
}
async function said(id = ticketId) {
  const { comments } = await desk.service.call('ListComments', { ticketId: id });
  return comments.map(({ body }) => body);
}
const ticketNow = async (id = ticketId) => (await desk.service.call('GetTicketList', { id })).tickets[0];
const history = (id: number) =>
  queryAt<{ agent: string; field: string; to: string }>(
    desk.postgresUrl,
    `select agent, field, "to" from ticket_history where ticket_id = ${id} order by id`,
  );

describe('while the link stands', () => {
  it('a comment is answered from the disk, and there soon', async () => {
    expect(await comment('Toner')).toMatchObject({ success: true, state: 'QUEUED', id: null });
    await own.drained();
    expect(await said()).toEqual(['Toner']);
    expect((await history(ticketId)).at(-1)).toMatchObject({ agent: ada.id, field: 'COMMENTED' });
  });

  it('a change is answered by the service, with the ticket', async () => {
    expect(await change({ status: 'On Hold', expectedVersion: 1 })).toMatchObject({
      success: true,
      state: 'STORED',
      ticket: { version: 2, status: 'On Hold' },
    });
    expect((await history(ticketId)).at(-1)).toEqual({ agent: ada.id, field: 'status', to: 'On Hold' });
  });

  it('a clash is an error with the ticket as it is, and nothing of it stays', async () => {
    await desk.service.call('UpdateTicket', { id: ticketId, title: 'Theirs' });
    expect(await change({ title: 'Mine', expectedVersion: 1 })).toMatchObject({
      extensions: { code: 'CONFLICT', current: { title: 'Theirs' } },
    });
    expect(await writes()).toMatchObject({ waiting: 0, failed: 0, writes: [] });
  });

  it('a change of a ticket that is gone is no success', async () => {
    await desk.service.call('DeleteTicket', { id: ticketId });
    expect(await change({ status: 'On Hold' })).toMatchObject({ success: false });
    expect((await writes()).writes).toEqual([]);
  });

  it('one requestId is one comment and one change, and of another text a conflict', async () => {
    const requestId = uuidv7();
    await Promise.all(Array.from({ length: 5 }, () => comment('Once', { requestId })));
    await own.drained();
    await comment('Once', { requestId });
    expect(await comment('Twice', { requestId })).toMatchObject([
      { extensions: { code: 'CONFLICT', field: 'requestId' } },
    ]);
    await own.drained();
    expect(await said()).toEqual(['Once']);
  });

  it('bad input names its field, and nothing is kept', async () => {
    for (const [fields, field] of [
      [{ body: '' }, 'body'],
      [{ body: 'x'.repeat(20_001) }, 'body'],
      [{ ticketId: 0 }, 'ticketId'],
      [{ ticketId: null }, 'ticketId'],
      [{ requestId: 'x' }, 'requestId'],
      [{ ticketRequestId: uuidv7() }, 'ticketId'],
    ] as const) {
      expect(await comment('good', fields)).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', field } },
      ]);
    }
    expect((await writes()).writes).toEqual([]);
  });
});

describe('without a link', () => {
  it('comments and changes wait on the disk, survive a restart, and are made in their order', async () => {
    await cut();
    expect(await comment('first')).toMatchObject({ success: true, state: 'QUEUED' });
    expect(await change({ status: 'In Progress', expectedVersion: 1 })).toMatchObject({
      success: true,
      state: 'QUEUED',
      ticket: null,
    });
    await change({ status: 'Completed', expectedVersion: 1 });
    await comment('last', { kind: 'ANSWER' });
    await restart();
    const kept = await writes();
    expect(kept).toMatchObject({ waiting: 4, failed: 0 });
    expect(kept.writes).toMatchObject([
      { comment: { kind: 'NOTE', body: 'first' }, author: { name: 'Ada' }, changes: [] },
      { comment: null, changes: [{ field: 'status', to: 'In Progress' }] },
      { changes: [{ field: 'status', to: 'Completed' }] },
      { comment: { kind: 'ANSWER', body: 'last' } },
    ]);
    await mend();
    await own.drained();
    expect((await history(ticketId)).map(({ field, to }) => (field === 'status' ? to : field))).toEqual([
      'CREATED',
      'COMMENTED',
      'In Progress',
      'Completed',
      'COMMENTED',
    ]);
  });

  it('merges with what others changed in other fields, and comes back where it was the same', async () => {
    await cut();
    await change({ status: 'On Hold', expectedVersion: 1 });
    const title = { title: 'Mine', priority: 'High', expectedVersion: 1 };
    await change(title);
    await desk.service.call('UpdateTicket', { id: ticketId, title: 'Theirs' });
    await mend();
    await own.drained();
    expect(await ticketNow()).toMatchObject({ title: 'Theirs', status: 'On Hold', priority: 'Normal' });
    const kept = await writes();
    expect(kept).toMatchObject({ waiting: 0, failed: 1 });
    expect(kept.writes).toMatchObject([
      { state: 'FAILED', current: { title: 'Theirs' }, changes: [{ to: 'Mine' }, { to: 'High' }] },
    ]);
    await own.ask('mutation($input: RetryWrite!) { retryWrite(input: $input) { state } }', {
      input: { requestId: kept.writes[0].requestId, keep: ['priority'] },
    });
    await own.drained();
    expect(await ticketNow()).toMatchObject({ title: 'Theirs', priority: 'High' });
    expect((await writes()).writes).toEqual([]);
  });

  it('is no clash for its author, unless they were told the version that it made', async () => {
    await cut();
    await change({ title: 'First', expectedVersion: 1 });
    await mend();
    await own.drained();
    const second = { title: 'Second', expectedVersion: 1 };
    expect(await change(second)).toMatchObject({ state: 'STORED', ticket: { version: 3 } });
    // Of that one they were told the version, so a form that was open before it is another window's.
    expect(await change({ ...second, title: 'Third' })).toMatchObject({ extensions: { code: 'CONFLICT' } });
  });

  it('is of a ticket that waits for its own number too', async () => {
    await cut();
    const ticketRequestId = uuidv7();
    const input = { title: 'New', description: '', name: 'Cy', requestId: ticketRequestId };
    await own.ask('mutation($input: NewTicket!) { createTicket(input: $input) { state } }', { input });
    await comment('On its way', { ticketId: null, ticketRequestId });
    await change({ id: 0, ticketRequestId, status: 'In Progress' });
    await restart();
    await mend();
    await own.drained();
    const { results } = await desk.service.call('GetCreateResults', { requestIds: [ticketRequestId] });
    const id = results[0]?.id ?? 0;
    expect(await said(id)).toEqual(['On its way']);
    expect(await ticketNow(id)).toMatchObject({ title: 'New', status: 'In Progress' });
  });

  it('keeps the order of a ticket that is named by its number and by its create', async () => {
    const requestId = uuidv7();
    const create = { requestId, title: 'Toner', description: '', name: 'Cy' };
    const { id } = await desk.service.call('CreateTicket', create);
    await cut();
    // What it has seen the service store, it knows the number of.
    await restart();
    const names = [{ ticketId: null, ticketRequestId: requestId }, { ticketId: id }];
    const bodies = Array.from({ length: 8 }, (_, n) => `${n}`);
    for (const [n, body] of bodies.entries()) await comment(body, names[n % 2]);
    await mend();
    await own.drained();
    expect(await said(id)).toEqual(bodies);
  });

  it('comes back to its author when the ticket was deleted, to be sent again, changed or discarded', async () => {
    await cut();
    await comment('Too late');
    await desk.service.call('DeleteTicket', { id: ticketId });
    await mend();
    await own.drained();
    const [kept] = (await writes()).writes;
    expect(kept).toMatchObject({ state: 'FAILED', comment: { body: 'Too late' } });
    await desk.service.call('RestoreTicket', { id: ticketId });
    const edit = 'mutation($input: EditWrite!) { editWrite(input: $input) { state } }';
    await own.ask(edit, { input: { requestId: kept.requestId, body: 'In time' } });
    await own.drained();
    expect(await said()).toEqual(['In time']);
  });

  it('can be discarded, and brought back', async () => {
    await cut();
    const { requestId } = await comment('Not so');
    const discard = 'mutation($input: DiscardWrite!) { discardWrite(input: $input) { success } }';
    expect((await own.ask(discard, { input: { requestId } })).data.discardWrite.success).toBe(true);
    expect((await writes()).writes).toEqual([]);
    const restore = 'mutation($input: DiscardWrite!) { restoreWrite(input: $input) { state } }';
    await own.ask(restore, { input: { requestId } });
    await mend();
    await own.drained();
    expect(await said()).toEqual(['Not so']);
  });
});

it('a write whose answer was lost is made once', async () => {
  await relay.cut('silent');
  const filed = [comment('Heard?'), change({ priority: 'Urgent', expectedVersion: 1 })];
  // What was on its way arrives with the link, and then once more.
  await relay.mend();
  await Promise.all(filed);
  await restart();
  await own.drained();
  expect(await said()).toEqual(['Heard?']);
  expect((await history(ticketId)).map(({ field }) => field)).toEqual(['CREATED', 'COMMENTED', 'priority']);
});

it('what is being sent when the desk stops is sent again at the next start, and made once', async () => {
  await relay.cut('silent');
  await comment('Is anybody there?');
  // Nobody answers before the stop, which does not wait for it as long as a call may take.
  await own.stop();
  await relay.mend();
  own = await open();
  await own.drained();
  expect(await said()).toEqual(['Is anybody there?']);
});

it('comments are read in pages from either end', async () => {
  for (const body of ['1', '2', '3']) await comment(body);
  await own.drained();
  const query = `query($id: Int!, $first: Int, $last: Int, $before: String) { ticket(id: $id) {
    comments(first: $first, last: $last, before: $before) {
      edges { cursor node { id body kind author { id name } editedAt } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } } }`;
  const page = async (args: object) => (await own.ask(query, { id: ticketId, ...args })).data.ticket.comments;
  const newest = await page({ last: 2 });
  expect(newest).toMatchObject({
    edges: [{ node: { body: '2', author: ada } }, { node: { body: '3' } }],
    pageInfo: { hasPreviousPage: true, hasNextPage: false },
  });
  const before = await page({ last: 2, before: newest.pageInfo.startCursor });
  expect(before.edges.map(({ node }: { node: { body: string } }) => node.body)).toEqual(['1']);
  expect(before.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  expect((await page({ first: 1 })).pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
});
