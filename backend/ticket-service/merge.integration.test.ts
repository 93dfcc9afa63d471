/** Changes that were made on an older version of a ticket, as a queue brings them, over real gRPC on a real Postgres. */
import { status } from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import { beforeEach, expect, it } from 'vitest';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { refusal, startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let desk: TestService;
let id: number;

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  desk = await startTestService({ postgresUrl });
  ({ id } = await desk.call('CreateTicket', { title: 'Printer', description: 'Floor 3', name: 'Ada' }));
  return () => desk.stop();
});

const update = (fields: object) => desk.call('UpdateTicket', { id, ...fields });

it('merges with a change of another field', async () => {
  await update({ title: 'Printer on floor 3' });
  const answer = await update({ status: 'On Hold', expectedVersion: 1, merge: true });
  expect(answer).toMatchObject({
    success: true,
    ticket: { title: 'Printer on floor 3', status: 'On Hold', version: 3 },
  });
});

it('clashes with a change of the same field, and changes nothing', async () => {
  await update({ title: 'Theirs' });
  const answer = await update({ title: 'Mine', status: 'On Hold', expectedVersion: 1, merge: true });
  expect(answer).toMatchObject({
    success: false,
    conflict: true,
    ticket: { title: 'Theirs', status: 'New', version: 2 },
  });
});

it('does not clash with a change to the same value', async () => {
  const same = { status: 'On Hold', tags: { names: ['vpn'] }, dueAt: '2027-01-31T12:00:00Z' };
  await update(same);
  const merge = { expectedVersion: 1, merge: true };
  const answer = await update({ ...same, title: 'Mine', ...merge });
  expect(answer).toMatchObject({
    success: true,
    ticket: { title: 'Mine', status: 'On Hold', tags: ['vpn'] },
  });
  expect(await update({ ...same, title: 'Later', ...merge })).toMatchObject({ conflict: true });
});

it('does not clash with what the same person did before it', async () => {
  const first = await update({ status: 'In Progress', expectedVersion: 1, merge: true });
  await update({ priority: 'High' });
  const ownVersions = [first.ticket?.version ?? 0];
  const later = { expectedVersion: 1, merge: true, ownVersions };
  expect(await update({ status: 'Completed', ...later })).toMatchObject({ success: true });
  expect(await update({ priority: 'Low', ...later })).toMatchObject({ conflict: true });
});

it('without merge clashes with any change', async () => {
  await update({ title: 'Theirs' });
  expect(await update({ status: 'On Hold', expectedVersion: 1 })).toMatchObject({ conflict: true });
});

it('merges any number at once, of different fields, and lets one of the same field win', async () => {
  const different = ['title', 'description', 'name', 'status', 'priority'];
  const values = { title: 'T', description: 'D', name: 'N', status: 'On Hold', priority: 'High' };
  const merged = await Promise.all(
    different.map((field) =>
      update({ [field]: values[field as keyof typeof values], expectedVersion: 1, merge: true }),
    ),
  );
  expect(merged.every(({ success }) => success)).toBe(true);
  const { tickets } = await desk.call('GetTicketList', { id });
  expect(tickets[0]).toMatchObject({ ...values, version: 6 });
  const same = await Promise.all(
    Array.from({ length: 8 }, (_, n) => update({ title: `Title ${n}`, expectedVersion: 6, merge: true })),
  );
  expect(same.filter(({ success }) => success)).toHaveLength(1);
});

it('is made once by one request, whatever happened since', async () => {
  const requestId = uuidv7();
  const change = { priority: 'High', requestId };
  const answers = await Promise.all(Array.from({ length: 20 }, () => update(change)));
  expect(answers.every(({ success }) => success)).toBe(true);
  await update({ priority: 'Low' });
  // With the version that it made then, by which its author knows their own change from those of others.
  expect(await update({ ...change, expectedVersion: 1, merge: true })).toMatchObject({
    success: true,
    version: 2,
    ticket: { priority: 'Low', version: 3 },
  });
  expect(await refusal(update({ priority: 'Urgent', requestId }))).toMatchObject({
    code: status.ALREADY_EXISTS,
    field: 'requestId',
  });
});

it('needs the version that it was made on', async () => {
  expect(await refusal(update({ status: 'On Hold', merge: true }))).toMatchObject({ field: 'merge' });
  expect(await refusal(update({ status: 'On Hold', requestId: 'x' }))).toMatchObject({ field: 'requestId' });
});
