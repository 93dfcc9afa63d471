/** How often the database is asked: a write of one ticket is one statement, and so one round trip and one transaction. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { recordStatements } from '../testing/recorded-statements.ts';
import { connect, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let desk: TestService;
let ada: TestCaller;
let ticketId: number;

beforeAll(async () => {
  desk = await startTestService({ postgresUrl: await postgres.createDatabase() });
  ada = connect(desk.address, undefined, JSON.stringify({ id: 'ada', name: 'Ada' }));
  // Who acts is noted with their first write, and then once a minute.
  ({ id: ticketId } = await ada.call('CreateTicket', { title: 'Printer', description: '', name: 'Cy' }));
});
afterAll(async () => {
  ada.close();
  await desk.stop();
});

it.each<[string, () => Promise<unknown>]>([
  ['one field changed', () => ada.call('UpdateTicket', { id: ticketId, status: 'On Hold' })],
  [
    'one field changed from the queue',
    () =>
      ada.call('UpdateTicket', {
        id: ticketId,
        title: 'Toner',
        requestId: uuidv7(),
        expectedVersion: 1,
        merge: true,
      }),
  ],
  [
    'a comment added',
    () => ada.call('AddComment', { ticketId, requestId: uuidv7(), kind: 'NOTE', body: 'Empty' }),
  ],
  ['the comments of a ticket read', () => ada.call('ListComments', { ticketId })],
  ['the history of a ticket read', () => ada.call('ListTicketHistory', { ticketId })],
])('%s is one statement', async (_what, call) => {
  expect(await recordStatements(call)).toHaveLength(1);
});
