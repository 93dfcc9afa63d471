import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService } from '../ticket-service/testing/service.ts';
import { linkState } from './testing/link-state.ts';
import { readParts } from './testing/multipart-reader.ts';
import { graphqlRequest, proxyOn, type RealDesk, startRealDesk } from './testing/real-proxy.ts';

let desk: RealDesk;
beforeAll(async () => {
  desk = await startRealDesk();
});
afterAll(() => desk.stop());

const fields = 'id title description name status createdAt updatedAt version requestId';

/** Files a ticket and waits for its id. */
async function file(title: string, name = 'Ada'): Promise<{ id: number; requestId: string }> {
  const answer = await desk.ask(
    'mutation($input: NewTicket!) { createTicket(input: $input) { success requestId state id } }',
    { input: { title, description: `About ${title}`, name } },
  );
  expect(answer.data?.createTicket).toMatchObject({ success: true, state: 'QUEUED', id: null });
  await desk.drained();
  const { requestId } = answer.data.createTicket;
  const list = await desk.ask(`{ tickets { id requestId } }`);
  const found = list.data.tickets.find((ticket: { requestId: string }) => ticket.requestId === requestId);
  return { id: found.id, requestId };
}

describe('a page of tickets', () => {
  it('names `after` when the service refuses the cursor of another order', async () => {
    await file('Cursor');
    const first = await desk.ask(
      '{ ticketPage(first: 1, orderBy: CREATED_DESC) { pageInfo { endCursor } } }',
    );
    const after = first.data.ticketPage.pageInfo.endCursor;
    const query =
      'query($after: String) { ticketPage(after: $after, orderBy: UPDATED_ASC) { edges { cursor } } }';
    const refused = await desk.ask(query, { after });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
  });
});

describe('a ticket through the whole desk', () => {
  it('is filed, found, worked, deleted and restored', async () => {
    const { id, requestId } = await file('Printer on fire');
    const one = await desk.ask(`query($id: Int!) { ticket(id: $id) { ${fields} } }`, { id });
    expect(one.data.ticket).toMatchObject({
      id,
      title: 'Printer on fire',
      description: 'About Printer on fire',
      name: 'Ada',
      status: 'New',
      version: 1,
      requestId,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    const update =
      'mutation($input: UpdateTicket!) { updateTicket(input: $input) { id success ticket { status title version } } }';
    const worked = await desk.ask(update, { input: { id, status: 'In Progress', title: 'Printer put out' } });
    expect(worked.data.updateTicket).toEqual({
      id,
      success: true,
      ticket: { status: 'In Progress', title: 'Printer put out', version: 2 },
    });
    const stale = await desk.ask(update, { input: { id, title: 'Mine', expectedVersion: 1 } });
    expect(stale.errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      expectedVersion: 1,
      current: { title: 'Printer put out', version: 2 },
    });
    const remove = 'mutation($id: Int!) { deleteTicket(input: { id: $id }) { id success } }';
    expect((await desk.ask(remove, { id })).data.deleteTicket).toEqual({ id, success: true });
    expect((await desk.ask(remove, { id })).data.deleteTicket).toEqual({ id, success: false });
    expect((await desk.ask(update, { input: { id, status: 'New' } })).data.updateTicket).toEqual({
      id,
      success: false,
      ticket: null,
    });
    const restored = await desk.ask(
      'mutation($id: Int!) { restoreTicket(input: { id: $id }) { success ticket { id title } } }',
      { id },
    );
    expect(restored.data.restoreTicket).toEqual({ success: true, ticket: { id, title: 'Printer put out' } });
  });

  it('is one ticket, however often the same requestId is sent', async () => {
    const requestId = '0198C5A7-3B1E-7C4D-8A2F-5E6D7C8B9A01';
    const send = () =>
      desk.ask('mutation($input: NewTicket!) { createTicket(input: $input) { success requestId } }', {
        input: { title: 'Twice', description: '', name: 'Bo', requestId },
      });
    const answers = await Promise.all([send(), send(), send()]);
    for (const { data } of answers) {
      expect(data.createTicket).toEqual({ success: true, requestId: requestId.toLowerCase() });
    }
    await desk.drained();
    await send();
    await desk.drained();
    const { data } = await desk.ask('{ tickets(input: { text: "Twice" }) { id } }');
    expect(data.tickets).toHaveLength(1);
  });

  it('is found by status, text and page, newest first, and counted', async () => {
    for (const title of ['Page 1', 'Page 2', 'Page 3']) await file(title, 'Pager');
    const page = (after: string | null) =>
      desk.ask(
        'query($after: String) { ticketPage(filter: { text: "pager", status: "New" }, first: 2, after: $after) { edges { cursor node { title } } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
    const first = (await page(null)).data.ticketPage;
    expect(first.edges.map(({ node }: { node: { title: string } }) => node.title)).toEqual([
      'Page 3',
      'Page 2',
    ]);
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.edges[1].cursor });
    const second = (await page(first.pageInfo.endCursor)).data.ticketPage;
    expect(second.edges.map(({ node }: { node: { title: string } }) => node.title)).toEqual(['Page 1']);
    expect(second.pageInfo.hasNextPage).toBe(false);
    const none = await desk.ask('{ tickets(input: { status: "New", statuses: ["Completed"] }) { id } }');
    expect(none.data.tickets).toEqual([]);
    const counts = await desk.ask('{ ticketCounts(text: "pager") { status count } }');
    expect(counts.data.ticketCounts).toEqual([
      { status: 'New', count: 3 },
      { status: 'In Progress', count: 0 },
      { status: 'On Hold', count: 0 },
      { status: 'Completed', count: 0 },
    ]);
  });

  it('is told to subscribers within a second of the service telling it', async () => {
    const response = await desk.proxy.handle(
      graphqlRequest({ query: 'subscription { ticketChanged { kind id ticket { title } } }' }),
    );
    const parts = readParts(response);
    let storedAtMs = 0;
    const unsubscribe = desk.client.onTicket(({ ticket }) => {
      if (ticket?.title === 'Told at once') storedAtMs = performance.now();
    });
    await file('Told at once');
    let part: unknown;
    // What was filed before may be told of first.
    do part = await parts.next();
    while (part !== undefined && !JSON.stringify(part).includes('Told at once'));
    expect(performance.now() - storedAtMs).toBeLessThan(1_000);
    const told = { kind: 'CREATED', ticket: { title: 'Told at once' } };
    expect(part).toMatchObject({ payload: { data: { ticketChanged: told } } });
    unsubscribe();
    await parts.cancel();
  });

  it('answers healthCheck with success', async () => {
    expect((await desk.ask('{ healthCheck link { state serviceVersion service } }')).data).toEqual({
      healthCheck: 'success',
      link: { state: 'CONNECTED', serviceVersion: '1.2.3', service: 'this computer' },
    });
  });
});

describe('a lost link', () => {
  it('lets filing go on, and the outbox empties by itself when the service returns', async () => {
    const first = await startTestService({ postgresUrl: desk.postgresUrl });
    const own = await proxyOn({ address: first.address });
    await linkState(own.client, 'CONNECTED');
    await first.stop();
    await linkState(own.client, 'CONNECTING');
    const titles = Array.from({ length: 20 }, (_, n) => `Offline ${n}`);
    for (const title of titles) {
      const answer = await own.ask(
        'mutation($input: NewTicket!) { createTicket(input: $input) { success state } }',
        { input: { title, description: '', name: 'Cy' } },
      );
      expect(answer.data.createTicket).toEqual({ success: true, state: 'QUEUED' });
    }
    await linkState(own.client, 'OFFLINE');
    const outbox = await own.ask(
      '{ outbox { waiting failed entries { title state attempts } } link { reason } }',
    );
    expect(outbox.data.outbox).toMatchObject({ waiting: 20, failed: 0 });
    expect(outbox.data.outbox.entries.map(({ title }: { title: string }) => title)).toEqual(titles);
    expect(outbox.data.link.reason).toContain('nothing answers at its address');
    const read = await own.ask('{ tickets { id } }');
    expect(read.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await own.ask('{ healthCheck }')).data.healthCheck).toBe('failed');

    const second = await startTestService({ postgresUrl: desk.postgresUrl, grpcAddress: first.address });
    await own.drained();
    const { data } = await own.ask('{ tickets(input: { text: "Offline" }) { title } }');
    expect(data.tickets.map(({ title }: { title: string }) => title).sort()).toEqual([...titles].sort());
    await own.stop();
    await second.stop();
  });

  it('is only waited for by the first page after a cold start', async () => {
    const placeholder = await startTestService({ postgresUrl: desk.postgresUrl });
    await placeholder.stop();
    const own = await proxyOn({ address: placeholder.address });
    const reading = own.ask('{ tickets { id } }');
    const service = await startTestService({
      postgresUrl: desk.postgresUrl,
      grpcAddress: placeholder.address,
    });
    expect((await reading).data.tickets.length).toBeGreaterThan(0);
    await own.stop();
    await service.stop();
  });

  it('with a token that the service refuses is OFFLINE at once, and says so', async () => {
    const service = await startTestService({ postgresUrl: desk.postgresUrl, apiTokens: ['right'] });
    const own = await proxyOn({ address: service.address, apiToken: 'wrong' });
    await linkState(own.client, 'OFFLINE');
    expect(own.client.link()).toMatchObject({
      reason: expect.stringContaining("refuses this desk's token"),
      obstacle: 'REFUSED',
    });
    await own.stop();
    await service.stop();
  });
});

describe('an outbox over a restart of the desk', () => {
  it('sends what was filed before', async () => {
    const placeholder = await startTestService({ postgresUrl: desk.postgresUrl });
    await placeholder.stop();
    const dataDir = await mkdtemp(join(tmpdir(), 'ticket-desk-restart-'));
    const before = await proxyOn({ address: placeholder.address, dataDir });
    await before.ask(
      'mutation { createTicket(input: { title: "Before the restart", description: "", name: "Di" }) { success } }',
    );
    await before.stop();
    const after = await proxyOn({ address: placeholder.address, dataDir });
    expect(after.proxy.outbox.waiting().waiting).toBe(1);
    const service = await startTestService({
      postgresUrl: desk.postgresUrl,
      grpcAddress: placeholder.address,
    });
    await after.drained();
    const { data } = await after.ask('{ tickets(input: { text: "Before the restart" }) { title } }');
    expect(data.tickets).toHaveLength(1);
    await after.stop();
    await service.stop();
    await rm(dataDir, { recursive: true });
  });
});
