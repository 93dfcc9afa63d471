/** A desk that goes to another ticket service with work that waits: a number there is another ticket's. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Relay, startRelay } from '../testing/relay.ts';
import { queryAt } from '../testing/test-database.ts';
import { testFolder } from '../testing/test-folder.ts';
import { startTestService, type TestService } from '../ticket-service/testing/service.ts';
import { bulkEnded } from './testing/bulk-job.ts';
import { linkState } from './testing/link-state.ts';
import { type ProxyOn, proxyOn, type RealDesk, startRealDesk } from './testing/real-proxy.ts';
import { sendFile } from './testing/send-file.ts';

let desk: RealDesk;
let relay: Relay;
let other: TestService;
let otherUrl: string;
let dataDir: string;
let own: ProxyOn;

beforeAll(async () => {
  desk = await startRealDesk();
  relay = await startRelay({ to: desk.service.address });
  otherUrl = await desk.postgres.createDatabase();
  other = await startTestService({ postgresUrl: otherUrl });
});
afterAll(async () => {
  await relay.close();
  await other.stop();
  await desk.stop();
});
beforeEach(async () => {
  dataDir = testFolder();
  await relay.mend();
  for (const url of [desk.postgresUrl, otherUrl])
    await queryAt(url, 'truncate tickets, comments restart identity cascade');
  await here();
  return async () => {
    await own.stop();
  };
});

async function open(serviceLabel: string, address: string): Promise<void> {
  await own?.stop();
  own = await proxyOn({ address, serviceLabel, dataDir, agent: { id: 'ada', name: 'Ada' } });
  await linkState(own.client);
}
const here = () => open('this computer', relay.address);
const there = () => open('tickets.example.org:50051', other.address);

async function cut(): Promise<void> {
  await relay.cut('refuse');
  await linkState(own.client, 'OFFLINE');
}

async function create(title: string): Promise<string> {
  const requestId = uuidv7();
  const input = { requestId, title, description: '', name: 'Cy' };
  await own.ask('mutation ($input: NewTicket!) { createTicket(input: $input) { state } }', { input });
  return requestId;
}
async function comment(body: string, ticket: object): Promise<void> {
  const input = { requestId: uuidv7(), kind: 'NOTE', body, ...ticket };
  const answer = await own.ask('mutation ($input: AddComment!) { addComment(input: $input) { state } }', {
    input,
  });
  expect(answer.data.addComment.state).toBe('QUEUED');
}
async function said(service: TestService, ticketId: number): Promise<string[]> {
  const { comments } = await service.call('ListComments', { ticketId });
  return comments.map(({ body }) => body);
}
const titles = (url: string) => queryAt(url, 'select title, status from tickets order by id');

it('sends a comment and a change of a ticket to the ticket service that has it, and what is of a create along with it', async () => {
  await create('Printer');
  await own.drained();
  await cut();
  await comment('Toner is from the wrong batch', { ticketId: 1 });
  await own.ask(
    `mutation { updateTicket(input: { id: 1, requestId: "${uuidv7()}", status: "Completed" }) { state } }`,
  );
  const filed = await create('Scanner');
  await comment('of the scanner', { ticketRequestId: filed });

  await other.call('CreateTicket', { title: 'Salary', description: '', name: 'Bo' });
  await there();
  const told = await own.ask('{ notices outbox { writes { comment { body } } } }');
  expect(told.data.notices).toEqual([
    '2 comments and changes of tickets wait until the desk uses this computer again.',
  ]);
  expect(JSON.stringify(told.data.outbox)).not.toContain('Toner');
  await own.drained();
  await comment('last', { ticketId: 1 });
  await own.drained();
  expect(await said(other, 1)).toEqual(['last']);
  expect(await said(other, 2)).toEqual(['of the scanner']);
  expect(await titles(otherUrl)).toEqual([
    { title: 'Salary', status: 'New' },
    { title: 'Scanner', status: 'New' },
  ]);

  await relay.mend();
  await here();
  await own.drained();
  expect(await said(desk.service, 1)).toEqual(['Toner is from the wrong batch']);
  expect(await titles(desk.postgresUrl)).toEqual([{ title: 'Printer', status: 'Completed' }]);
});

it('goes on with a bulk change and an import where they were begun', async () => {
  await create('Printer');
  await own.drained();
  const bulk = uuidv7();
  await own.ask(`mutation { prepareBulk(input: { id: "${bulk}", filter: {}, isDelete: true }) { total } }`);
  const file = uuidv7();
  const bytes = await sendFile(own.proxy.handle, file, 'Title,Requester\nImported,Cy\n');
  await own.ask(
    `mutation { prepareImport(input: { id: "${file}", fileName: "a.csv", bytes: ${bytes} }) { id } }`,
  );
  await cut();
  await own.ask(`mutation { startBulk(input: { id: "${bulk}" }) { state } }`);
  await own.ask(`mutation { startImport(input: { id: "${file}", isDryRun: false }) { state } }`);

  await other.call('CreateTicket', { title: 'Salary', description: '', name: 'Bo' });
  await there();
  expect((await own.ask('{ bulkJobs { id } imports { id } }')).data).toEqual({ bulkJobs: [], imports: [] });
  expect(await titles(otherUrl)).toEqual([{ title: 'Salary', status: 'New' }]);

  await relay.mend();
  await here();
  await bulkEnded(own, bulk);
  await expect.poll(() => titles(desk.postgresUrl)).toEqual([{ title: 'Imported', status: 'New' }]);
});
