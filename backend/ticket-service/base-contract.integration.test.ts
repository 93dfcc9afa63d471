/** A client that knows the base contract alone, and nothing of this desk. */
import path from 'node:path';
import {
  type Client,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { connect, refusal, startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let service: TestService;
let client: Client;

beforeAll(async () => {
  service = await startTestService({ postgresUrl: await postgres.createDatabase() });
  const file = path.join(import.meta.dirname, 'testing/base.proto');
  const loaded = loadPackageDefinition(loadSync(file, { defaults: true }));
  const OldClient = loaded.TicketService as ServiceClientConstructor;
  client = new OldClient(service.address, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await service.stop();
});

function call(rpc: string, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const method = (client as unknown as Record<string, (...args: unknown[]) => void>)[rpc];
    method?.call(client, request, (error: unknown, response: unknown) =>
      error ? reject(error) : resolve(response),
    );
  });
}

const filed = { title: 'Door', description: 'It squeaks.', name: 'Ada' };

it('files, reads, updates and deletes', async () => {
  expect(await call('HealthCheck', {})).toEqual({ success: true });
  expect(await call('CreateTicket', filed)).toEqual({ id: 1, success: true });
  const ticket = { id: 1, ...filed, status: 'New' };
  expect(await call('GetTicketList', {})).toEqual({ tickets: [ticket] });
  expect(await call('GetTicketList', { id: 1 })).toEqual({ tickets: [ticket] });
  expect(await call('UpdateTicket', { id: 1, status: 'Completed' })).toEqual({ id: 1, success: true });
  expect(await call('GetTicketList', { status: 'New' })).toEqual({ tickets: [] });
  const completed = { tickets: [{ ...ticket, status: 'Completed' }] };
  expect(await call('GetTicketList', { status: 'Completed' })).toEqual(completed);
  expect(await call('DeleteTicket', { id: 1 })).toEqual({ id: 1, success: true });
  expect(await call('GetTicketList', {})).toEqual({ tickets: [] });
});

it('makes a ticket of each create, for it knows no request ids', async () => {
  const filed = { title: 'Twice', description: '', name: 'Ada' };
  const first = await call('CreateTicket', filed);
  expect(await call('CreateTicket', filed)).not.toEqual(first);
});

it('is told of missing tickets by success false', async () => {
  expect(await call('UpdateTicket', { id: 99, status: 'New' })).toEqual({ id: 99, success: false });
  expect(await call('DeleteTicket', { id: 99 })).toEqual({ id: 99, success: false });
});

describe('what it can not have', () => {
  it('is an empty list, or success false, and changes nothing', async () => {
    const { id } = (await call('CreateTicket', filed)) as { id: number };
    for (const filter of [{ status: 'Odd' }, { id: -1 }, { id: -1, status: 'Odd' }, { id, status: 'Odd' }]) {
      expect(await call('GetTicketList', filter)).toEqual({ tickets: [] });
    }
    expect(await call('UpdateTicket', { id, status: 'Odd' })).toEqual({ id, success: false });
    for (const bad of [0, -7]) {
      expect(await call('UpdateTicket', { id: bad, status: 'New' })).toEqual({ id: bad, success: false });
      expect(await call('DeleteTicket', { id: bad })).toEqual({ id: bad, success: false });
    }
    for (const text of [{ title: ' ' }, { title: 'x'.repeat(201) }, { name: '' }]) {
      expect(await call('CreateTicket', { ...filed, ...text })).toEqual({ id: 0, success: false });
    }
    expect(await call('GetTicketList', { id })).toMatchObject({ tickets: [{ ...filed, status: 'New' }] });
  });

  it('is told to whoever knows more by an error that names the field', async () => {
    const aware = connect(service.address);
    onTestFinished(aware.close);
    // Before its handshake by what it sends, from then on whatever it sends.
    const named = { id: 1, status: 'Odd', expectedVersion: 1 };
    expect(await refusal(aware.call('UpdateTicket', named))).toMatchObject({ field: 'status' });
    expect(await aware.call('UpdateTicket', { id: 1, status: 'Odd' })).toMatchObject({ success: false });
    await aware.call('GetServerInfo', { version: '1.0.0' });
    expect(await refusal(aware.call('UpdateTicket', { id: 1, status: 'Odd' }))).toMatchObject({
      field: 'status',
      text: 'status must be one of "New", "In Progress", "On Hold", "Completed".',
    });
    expect(await refusal(aware.call('GetTicketList', { id: -1 }))).toMatchObject({ field: 'id' });
    // Another connection's handshake is none of this one's.
    expect(await call('GetTicketList', { status: 'Odd' })).toEqual({ tickets: [] });
  });
});

it('has New for an empty status, as it leaves New empty', async () => {
  const { id } = (await call('CreateTicket', filed)) as { id: number };
  await call('UpdateTicket', { id, status: 'Completed' });
  expect(await call('UpdateTicket', { id, status: '' })).toEqual({ id, success: true });
  expect(await call('GetTicketList', { id })).toMatchObject({ tickets: [{ status: 'New' }] });
});

it('gets as many of the newest as fit into the 4 MiB that it takes', async () => {
  // Of three bytes a character: some 30 kB each.
  const long = { ...filed, description: '\u20ac'.repeat(10_000) };
  const createdAt = new Date().toISOString();
  const creates = Array.from({ length: 145 }, () => ({ ...long, requestId: uuidv7(), createdAt }));
  const made = await service.store.create(creates);
  const newest = made.map((outcome) => (outcome.state === 'created' ? outcome.ticket.id : 0)).reverse();
  const { tickets } = (await call('GetTicketList', { status: 'New' })) as { tickets: { id: number }[] };
  expect(tickets.length).toBeGreaterThan(130);
  expect(tickets.map(({ id }) => id)).toEqual(newest.slice(0, tickets.length));
  // Whoever knows the contract is sent all of them, and knows what it takes.
  await service.call('GetServerInfo', { version: '1.0.0' });
  const all = await refusal(service.call('GetTicketList', { status: 'New' }));
  expect(all.text).toContain('larger than max');
});
