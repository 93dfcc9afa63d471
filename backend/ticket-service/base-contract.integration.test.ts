/** A client that knows the base contract alone, and nothing of this desk. */
import path from 'node:path';
import {
  type Client,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../testing/postgres.ts';
import { refusal, startTestService, type TestService } from './testing/service.ts';

let postgres: TestPostgres;
let service: TestService;
let client: Client;

beforeAll(async () => {
  postgres = await startTestPostgres();
  service = await startTestService({ postgresUrl: await postgres.createDatabase() });
  const file = path.join(import.meta.dirname, 'testing/base.proto');
  const loaded = loadPackageDefinition(loadSync(file, { defaults: true }));
  const OldClient = loaded.TicketService as ServiceClientConstructor;
  client = new OldClient(service.address, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await service.stop();
  await postgres.stop();
});

function call(rpc: string, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const method = (client as unknown as Record<string, (...args: unknown[]) => void>)[rpc];
    method?.call(client, request, (error: unknown, response: unknown) =>
      error ? reject(error) : resolve(response),
    );
  });
}

it('files, reads, updates and deletes', async () => {
  expect(await call('HealthCheck', {})).toEqual({ success: true });
  const filed = { title: 'Door', description: 'It squeaks.', name: 'Ada' };
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

it('is told of missing tickets by success false, and of bad input by an error', async () => {
  expect(await call('UpdateTicket', { id: 99, status: 'New' })).toEqual({ id: 99, success: false });
  expect(await call('DeleteTicket', { id: 99 })).toEqual({ id: 99, success: false });
  expect(await refusal(call('UpdateTicket', { id: 1, status: 'Odd' }))).toMatchObject({
    field: 'status',
    text: 'status must be one of "New", "In Progress", "On Hold", "Completed".',
  });
});
