/** Who acts, from a browser's token through the proxy to the history, and what the proxy tells of it. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApiTokens, hashedLine } from '../secrets.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { startTestService, type TestService } from '../ticket-service/testing/service.ts';
import { startHttp } from './http.ts';
import { linkState } from './testing/link-state.ts';
import { silentLogger } from './testing/outbox-desk.ts';
import { type GraphqlAnswer, type ProxyOn, proxyOn } from './testing/real-proxy.ts';

const tokenOf = (name: string) => `${name}-token-that-is-long-enough`;
const line = (name: string, isProxy = false) =>
  hashedLine(tokenOf(name), { name, lastDay: undefined, isProxy });
const unnamed = 'a-token-that-is-nobody-s-own';

const postgres = postgresOfFile();
let service: TestService;
let proxy: ProxyOn;
let http: { url: string; stop(): Promise<void> };

beforeAll(async () => {
  const apiTokens = [line('web', true), line('Cy')];
  service = await startTestService({ postgresUrl: await postgres.createDatabase(), apiTokens });
  proxy = await proxyOn({ address: service.address, apiToken: tokenOf('web') });
  await linkState(proxy.client);
  http = await startHttp({
    handle: proxy.proxy.handle,
    host: '127.0.0.1',
    port: 0,
    tokens: new ApiTokens([line('Ada'), line('Bo'), unnamed]),
    logger: silentLogger,
  });
});
afterAll(async () => {
  await http.stop();
  await proxy.stop();
  await service.stop();
});

async function ask(token: string, query: string): Promise<GraphqlAnswer> {
  const response = await fetch(`${http.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

async function file(token: string, title: string): Promise<number> {
  const input = `{ title: "${title}", description: "", name: "Di" }`;
  await ask(token, `mutation { createTicket(input: ${input}) { success } }`);
  await proxy.drained();
  const { tickets } = (await ask(token, '{ tickets { id title } }')).data;
  return tickets.find((ticket: { title: string }) => ticket.title === title).id;
}

const changes = 'edges { cursor node { field by { name } } } pageInfo { hasPreviousPage startCursor }';
const historyOf = async (id: number, args = '(first: 50)') => {
  const answer = await ask(unnamed, `{ ticket(id: ${id}) { history${args} { ${changes} } } }`);
  return answer.errors?.[0] ?? answer.data.ticket.history;
};
interface Edge {
  node: { field: string; by: { name: string } | null };
}
const lines = ({ edges }: { edges: Edge[] }) =>
  edges.map(({ node }) => `${node.field} ${node.by?.name ?? 'unknown'}`);

it('is of each browser the name of its token, for all that it does', async () => {
  const id = await file(tokenOf('Ada'), 'Of the web face');
  await ask(tokenOf('Bo'), `mutation { updateTicket(input: { id: ${id}, status: "On Hold" }) { success } }`);
  await ask(unnamed, `mutation { updateTicket(input: { id: ${id}, status: "New" }) { success } }`);
  await ask(tokenOf('Ada'), `mutation { deleteTicket(input: { id: ${id} }) { success } }`);
  await ask(tokenOf('Bo'), `mutation { restoreTicket(input: { id: ${id} }) { success } }`);
  const whole = await historyOf(id);
  const expected = ['CREATED Ada', 'status Bo', 'status unknown', 'DELETED Ada', 'RESTORED Bo'];
  expect(lines(whole)).toEqual(expected);

  const last = await historyOf(id, '(last: 2)');
  expect(lines(last)).toEqual(expected.slice(3));
  expect(last.pageInfo.hasPreviousPage).toBe(true);
  const before = await historyOf(id, `(last: 50, before: "${last.pageInfo.startCursor}")`);
  expect(lines(before)).toEqual(expected.slice(0, 3));
  expect(before.pageInfo.hasPreviousPage).toBe(false);
  for (const place of ['x', '-1', '99999999999999999', '1.5']) {
    const refused = await historyOf(id, `(first: 5, after: "${place}")`);
    expect(refused.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
  }
});

it('tells each who they are, and of everybody who has acted', async () => {
  const me = async (token: string) => (await ask(token, '{ me { id name } }')).data.me;
  expect(await me(tokenOf('Ada'))).toEqual({ id: 'Ada', name: 'Ada' });
  expect(await me(unnamed)).toBeNull();
  const { agents } = (await ask(tokenOf('Bo'), '{ agents { name lastSeenAt } }')).data;
  expect(agents.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['Ada', 'Bo']));
  expect(agents[0].lastSeenAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

it('is who wrote what waits, whoever else sees it there', async () => {
  const requestId = uuidv7();
  const waiting = async () =>
    (await ask(tokenOf('Bo'), '{ outbox { writes { requestId state author { name } comment { body } } } }'))
      .data.outbox.writes;
  const input = `{ requestId: "${requestId}", ticketId: 999999, kind: NOTE, body: "Said by Ada" }`;
  await ask(tokenOf('Ada'), `mutation { addComment(input: ${input}) { success } }`);
  await vi.waitUntil(async () => (await waiting())[0]?.state === 'FAILED');
  const edit = `mutation { editWrite(input: { requestId: "${requestId}", body: "Put into her mouth" }) { state } }`;
  const again = `mutation { retryWrite(input: { requestId: "${requestId}" }) { state } }`;
  for (const query of [edit, again])
    expect((await ask(tokenOf('Bo'), query)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  expect(await waiting()).toMatchObject([{ author: { name: 'Ada' }, comment: { body: 'Said by Ada' } }]);
  expect((await ask(tokenOf('Ada'), again)).data.retryWrite.state).toBe('QUEUED');
  const discard = `mutation { discardWrite(input: { requestId: "${requestId}" }) { success } }`;
  expect((await ask(tokenOf('Bo'), discard)).data.discardWrite.success).toBe(true);
});

it('has views of their own by their token, and shares others', async () => {
  const save = (token: string, id: string, view: string) =>
    ask(
      token,
      `mutation { saveView(input: { id: "${id}", ${view} }) { success view { version order { by direction } } } }`,
    );
  const [own, all] = ['0198c5a7-3b1e-7c4d-8a2f-0000000000b1', '0198C5A7-3B1E-7C4D-8A2F-0000000000B2'];
  const ofAda = await save(tokenOf('Ada'), own, 'name: "Mine", order: { by: DUE, direction: ASC }');
  expect(ofAda.data.saveView).toEqual({
    success: true,
    view: { version: 1, order: { by: 'DUE', direction: 'ASC' } },
  });
  await save(tokenOf('Bo'), all, 'name: "Ours", shared: true');
  const namesOf = async (token: string) =>
    (await ask(token, '{ views { name } }')).data.views.map(({ name }: { name: string }) => name);
  expect(await namesOf(tokenOf('Ada'))).toEqual(['Mine', 'Ours']);
  expect(await namesOf(tokenOf('Bo'))).toEqual(['Ours']);
  expect(await namesOf(unnamed)).toEqual(['Ours']);

  expect((await save(tokenOf('Ada'), own, 'name: " "')).errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'name',
  });
  expect(
    (await save(tokenOf('Ada'), own, 'name: "New", expectedVersion: 7')).errors?.[0]?.extensions,
  ).toMatchObject({
    code: 'CONFLICT',
    field: 'expectedVersion',
  });
  const remove = `mutation { deleteView(input: { id: "${own}" }) { id success } }`;
  expect((await ask(tokenOf('Bo'), remove)).data.deleteView).toEqual({ id: own, success: false });
  expect((await ask(tokenOf('Ada'), remove)).data.deleteView).toEqual({ id: own, success: true });
});

it('is, of a desk whose own token has a name, that name', async () => {
  const agent = { id: 'from-the-settings', name: 'Somebody' };
  const own = await proxyOn({ address: service.address, apiToken: tokenOf('Cy'), agent });
  await linkState(own.client);
  expect((await own.ask('{ me { name } }')).data).toEqual({ me: { name: 'Cy' } });
  const input = '{ title: "Of the app", description: "", name: "Di" }';
  await own.ask(`mutation { createTicket(input: ${input}) { success } }`);
  await own.drained();
  const [ticket] = (await own.ask('{ tickets { id title } }')).data.tickets;
  expect(lines(await historyOf(ticket.id))).toEqual(['CREATED Cy']);
  await own.stop();
});
