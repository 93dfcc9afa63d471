/** What a real proxy has seen of a real ticket service, read while that is away: in one run, and after a start without it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { testFolder } from '../../testing/test-folder.ts';
import { startTestService } from '../../ticket-service/testing/service.ts';
import { linkState } from '../testing/link-state.ts';
import { type ProxyOn, proxyOn } from '../testing/real-proxy.ts';

const token = 'a-token-of-the-team-4711';
const columns =
  'asOf problems { from to } edges { cursor node { id title status asOf } } pageInfo { hasNextPage endCursor }';
const pageQuery = `query ($filter: TicketFilter, $first: Int = 100, $after: String, $order: TicketSort) {
  ticketPage(filter: $filter, first: $first, after: $after, order: $order) { ${columns} }
}`;
const filed = [
  { title: 'Printer prints blank pages', priority: 'High' },
  { title: 'VPN drops at noon', priority: 'Low' },
  { title: 'PRÍNTER on fire', priority: 'Urgent' },
  { title: 'Scanner offline', priority: 'Normal' },
];
const open = ['New', 'In Progress', 'On Hold'];
const newest = { by: 'CREATED', direction: 'DESC' };

const postgres = postgresOfFile();
let postgresUrl: string;
let dataDir: string;
let address: string;
beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  dataDir = testFolder();
  address = '127.0.0.1:0';
});

async function startService(apiToken = token) {
  const service = await startTestService({ postgresUrl, grpcAddress: address, apiTokens: [apiToken] });
  address = service.address;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { ...service, stop };
}

/** @param folder of an earlier run; left out, somebody else's desk. */
async function startProxy(folder?: string, onForgetKept = () => {}): Promise<ProxyOn> {
  const proxy = await proxyOn({
    address,
    apiToken: token,
    agent: { id: 'a', name: 'Ada' },
    onForgetKept,
    ...(folder && { dataDir: folder }),
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= proxy.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { ...proxy, stop };
}

async function linkedProxy(folder?: string): Promise<ProxyOn> {
  const proxy = await startProxy(folder);
  await linkState(proxy.client);
  return proxy;
}

async function page(proxy: ProxyOn, variables: Record<string, unknown> = {}) {
  const { data, errors } = await proxy.ask(pageQuery, {
    filter: { statuses: open },
    order: newest,
    ...variables,
  });
  if (errors) return { code: errors[0]?.extensions.code };
  const { edges, pageInfo, asOf, problems } = data.ticketPage;
  return {
    titles: edges.map(({ node }: { node: { title: string } }) => node.title),
    nodes: edges.map(({ node }: { node: object }) => node),
    asOf,
    problems,
    ...pageInfo,
  };
}

async function file(proxy: ProxyOn): Promise<void> {
  for (const { title, priority } of filed) {
    const input = { title, priority, description: '', name: 'Ada' };
    await proxy.ask('mutation ($input: NewTicket!) { createTicket(input: $input) { success } }', { input });
  }
  await proxy.drained();
}

const told = (proxy: ProxyOn, kind: 'UPDATED' | 'DELETED') =>
  new Promise<void>((resolve) => {
    const stop = proxy.client.onTicket((event) => {
      if (event.kind !== kind) return;
      stop();
      resolve();
    });
  });

/** Whether a text lies in what is kept; this proxy keeps in clear. */
async function isOnDisk(text: string): Promise<boolean> {
  const entries = await readdir(join(dataDir, 'kept'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
  return contents.some((bytes) => bytes.includes(text));
}

const titles = filed.map(({ title }) => title);
const newestFirst = titles.toReversed();

describe('while the service is away', () => {
  it('a list is narrowed, searched and ordered as the service does, and says from when it is', async () => {
    const service = await startService();
    const proxy = await linkedProxy(dataDir);
    await file(proxy);
    const questions = [
      {},
      { filter: { statuses: open, text: 'printer' } },
      { filter: { statuses: open, priorities: ['Low', 'Urgent'] } },
      { order: { by: 'PRIORITY', direction: 'DESC' } },
      { order: { by: 'CREATED', direction: 'ASC' } },
      { filter: { id: 2 } },
      { filter: { text: 'nowhere' } },
      { filter: { query: 'is:open -priority:low print' } },
      { filter: { query: 'assignee:me,none created:today', timeZone: 'Europe/Berlin' } },
      { filter: { query: 'print assignee:somebody' } },
      { filter: { statuses: ['On Hold'] } },
    ];
    const live = [];
    for (const question of questions) live.push(await page(proxy, question));
    const counts = await proxy.ask('{ ticketCounts { status count } }');
    await service.stop();
    await linkState(proxy.client, 'CONNECTING');
    for (const [at, question] of questions.entries()) {
      const kept = await page(proxy, question);
      expect(kept.titles).toEqual(live[at]?.titles);
      expect(kept.problems).toEqual(live[at]?.problems);
      expect(live[at]?.asOf).toBeNull();
      expect(Date.parse(kept.asOf)).toBeGreaterThan(Date.now() - 60_000);
      expect(kept.nodes.every((node: { asOf: string }) => node.asOf !== null)).toBe(true);
    }
    expect(await proxy.ask('{ ticketCounts { status count } }')).toEqual(counts);
    const one = await proxy.ask('{ ticket(id: 2) { title asOf } }');
    expect(one.data.ticket).toEqual({ title: 'VPN drops at noon', asOf: expect.any(String) });
  });

  it('a list that the service began goes on, page by page', async () => {
    const service = await startService();
    const proxy = await linkedProxy(dataDir);
    await file(proxy);
    await page(proxy);
    const first = await page(proxy, { first: 2 });
    await service.stop();
    await linkState(proxy.client, 'CONNECTING');
    const second = await page(proxy, { first: 1, after: first.endCursor });
    const third = await page(proxy, { first: 1, after: second.endCursor });
    expect([second, third].flatMap((one) => one.titles)).toEqual(newestFirst.slice(2));
    expect([second.hasNextPage, third.hasNextPage]).toEqual([true, false]);
  });

  it('nothing is answered of which nothing was seen, and nothing that could not say how old it is', async () => {
    const service = await startService();
    const other = await linkedProxy();
    await file(other);
    const completed = told(other, 'UPDATED');
    await other.ask('mutation { updateTicket(input: { id: 4, status: "Completed" }) { success } }');
    await completed;
    const proxy = await linkedProxy(dataDir);
    await page(proxy);
    await proxy.ask('{ ticketCounts { status count } }');
    await service.stop();
    await linkState(proxy.client, 'OFFLINE');
    expect(await page(proxy, { filter: { statuses: ['Completed'] } })).toEqual({ code: 'UNAVAILABLE' });
    for (const query of ['{ ticket(id: 4) { id } }', '{ tickets { id } }'])
      expect((await proxy.ask(query)).errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
  });

  it('what changed while there was a link is as it was changed', async () => {
    const service = await startService();
    const [proxy, other] = [await linkedProxy(dataDir), await linkedProxy()];
    await file(other);
    await page(proxy);
    const changes = Promise.all([told(proxy, 'UPDATED'), told(proxy, 'DELETED')]);
    await other.ask('mutation { updateTicket(input: { id: 1, title: "Printer is mended" }) { success } }');
    await other.ask('mutation { deleteTicket(input: { id: 2 }) { success } }');
    await changes;
    // Its own changes are known by their answers, too.
    await proxy.ask('mutation { updateTicket(input: { id: 3, title: "All is well" }) { success } }');
    await service.stop();
    await linkState(proxy.client, 'CONNECTING');
    expect((await page(proxy)).titles).toEqual(['Scanner offline', 'All is well', 'Printer is mended']);
  });
});

describe('after a start without the service', () => {
  it('what was seen is there, from when the desk was closed, until the link is back', async () => {
    const service = await startService();
    const before = await linkedProxy(dataDir);
    await file(before);
    await page(before);
    await before.stop();
    const closedAt = Date.now();
    await service.stop();
    const proxy = await startProxy(dataDir);
    const kept = await page(proxy, { filter: { statuses: open, text: 'printer' } });
    expect(kept.titles).toEqual(['PRÍNTER on fire', 'Printer prints blank pages']);
    expect(Math.abs(Date.parse(kept.asOf) - closedAt)).toBeLessThan(5_000);
    await startService();
    await linkState(proxy.client);
    expect(await page(proxy)).toMatchObject({ titles: newestFirst, asOf: null });
  });

  it('a ticket that was opened has its comments and its history, with what others said since', async () => {
    const service = await startService();
    const [before, other] = [await linkedProxy(dataDir), await linkedProxy()];
    await file(other);
    const say = (body: string) =>
      other.ask('mutation ($input: AddComment!) { addComment(input: $input) { success } }', {
        input: { ticketId: 1, kind: 'NOTE', body },
      });
    const said = async (proxy: ProxyOn) => {
      const { data } = await proxy.ask(
        '{ agents { name } ticket(id: 1) { comments(last: 50) { edges { node { body } } } history(last: 50) { edges { node { field } } } } }',
      );
      const { comments, history } = data.ticket;
      return {
        agents: data.agents,
        bodies: comments.edges.map(({ node }: { node: { body: string } }) => node.body),
        fields: history.edges.map(({ node }: { node: { field: string } }) => node.field),
      };
    };
    await say('Toner is from the wrong batch');
    await vi.waitFor(async () => expect((await said(before)).bodies).toHaveLength(1));
    const reads = [vi.spyOn(before.client, 'comments'), vi.spyOn(before.client, 'history')];
    await say('A new one is on its way');
    const lastRead = () => reads.map(({ mock }) => mock.settledResults.at(-1)?.value.nodes.length);
    await vi.waitFor(() => expect(lastRead()).toEqual([2, 3]), { timeout: 20_000 });
    await before.stop();
    await service.stop();
    expect(await said(await startProxy(dataDir))).toEqual({
      agents: [{ name: 'Ada' }],
      bodies: ['Toner is from the wrong batch', 'A new one is on its way'],
      fields: ['CREATED', 'COMMENTED', 'COMMENTED'],
    });
  });

  it('what was deleted meanwhile is gone as soon as its list was read again', async () => {
    const service = await startService();
    const before = await linkedProxy(dataDir);
    await file(before);
    await page(before);
    await before.stop();
    const other = await linkedProxy();
    const deleted = told(other, 'DELETED');
    await other.ask('mutation { deleteTicket(input: { id: 3 }) { success } }');
    await deleted;
    const proxy = await linkedProxy(dataDir);
    const left = newestFirst.filter((title) => !title.includes('fire'));
    expect((await page(proxy)).titles).toEqual(left);
    await service.stop();
    await linkState(proxy.client, 'CONNECTING');
    expect((await page(proxy)).titles).toEqual(left);
  });

  it('the views are there, and can not be changed', async () => {
    const service = await startService();
    const proxy = await linkedProxy(dataDir);
    const save = (id: string) =>
      proxy.ask(`mutation { saveView(input: { id: "${id}", name: "Mine", query: "printer" }) { success } }`);
    await save('0198c5a7-3b1e-7c4d-8a2f-0000000000a1');
    const views = () => proxy.ask('{ views { id name query key } }');
    const live = await views();
    expect(live.data.views).toHaveLength(1);
    await service.stop();
    await linkState(proxy.client, 'CONNECTING');
    expect(await views()).toEqual(live);
    const refused = await save('0198c5a7-3b1e-7c4d-8a2f-0000000000a2');
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
  });

  it('of a list the first 500 are there, though a page of it was read', async () => {
    // For its tables; nobody is told of what is in them already.
    await (await startService()).stop();
    const database = new pg.Client({ connectionString: postgresUrl });
    await database.connect();
    await database.query(
      "insert into tickets (title, description, name, status) select 'No ' || n, '', 'Ada', 'New' from generate_series(1, 700) n",
    );
    await database.end();
    const service = await startService();
    const proxy = await linkedProxy(dataDir);
    const reads = vi.spyOn(proxy.client, 'page');
    await page(proxy);
    await vi.waitFor(() =>
      expect(reads.mock.settledResults.map(({ type }) => type)).toEqual(Array(3).fill('fulfilled')),
    );
    await proxy.stop();
    await service.stop();
    const again = await startProxy(dataDir);
    const found = [];
    for (let after = null, more = true; more; ) {
      const next = await page(again, { first: 200, after });
      found.push(...next.titles);
      ({ endCursor: after, hasNextPage: more } = next);
    }
    expect(found).toEqual(Array.from({ length: 500 }, (_, at) => `No ${700 - at}`));
  });

  it('nothing is left to read once the service has refused the token', async () => {
    const service = await startService();
    const before = await linkedProxy(dataDir);
    await file(before);
    await page(before);
    await before.stop();
    expect(await isOnDisk('Scanner')).toBe(true);
    await service.stop();
    await startService('another-token-of-the-team');
    const onForgetKept = vi.fn();
    const refused = await startProxy(dataDir, onForgetKept);
    await linkState(refused.client, 'OFFLINE');
    expect(onForgetKept).toHaveBeenCalled();
    expect(await page(refused)).toEqual({ code: 'UNAVAILABLE' });
    await refused.stop();
    expect(await isOnDisk('Scanner')).toBe(false);
  });
});

it('keeps what is assigned to who works here, looked at or not', async () => {
  const service = await startService();
  // Somebody can be given tickets once they have been seen.
  const before = await linkedProxy();
  await before.ask('{ agents { id } }');
  const bothAreHeardOf = new Promise<void>((resolve) => {
    before.client.onTicket(({ ticket }) => ticket?.title === 'Of nobody' && resolve());
  });
  const mine = await service.call('CreateTicket', { title: 'Mine', name: 'Bo', assigneeId: 'a' });
  await service.call('CreateTicket', { title: 'Of nobody', name: 'Bo' });
  // Whoever links from now on hears of neither.
  await bothAreHeardOf;
  await before.stop();
  const proxy = await linkedProxy(dataDir);
  await vi.waitFor(async () => expect(await isOnDisk('Mine')).toBe(true), { timeout: 20_000 });
  await service.stop();
  await linkState(proxy.client, 'OFFLINE');
  const query = 'query($id: Int!) { ticket(id: $id) { title asOf } }';
  expect((await proxy.ask(query, { id: mine.id })).data?.ticket).toMatchObject({ title: 'Mine' });
  expect((await proxy.ask(query, { id: mine.id + 1 })).data?.ticket ?? null).toBeNull();
});
