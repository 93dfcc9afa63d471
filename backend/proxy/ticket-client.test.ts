import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startRelay } from '../testing/relay.ts';
import type { TicketEvent } from './client/types.ts';
import { usedAbilities } from './client/versions.ts';
import { aCreate, silentLogger } from './testing/outbox-desk.ts';
import { type SmallService, startSmallService } from './testing/small-service.ts';
import { createTicketClient, type TicketClient } from './ticket-client.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function aService(options: Parameters<typeof startSmallService>[0] = {}): Promise<SmallService> {
  const service = await startSmallService(options);
  stops.push(service.stop);
  return service;
}

function clientOf(address: string, apiToken?: string): TicketClient {
  const client = createTicketClient({ address, apiToken, version: '0.0.1', logger: silentLogger });
  stops.push(client.close);
  return client;
}

function linked(client: TicketClient, state = 'CONNECTED'): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (client.link().state === state) resolve();
    };
    stops.push(async () => client.onLink(look)());
    client.onLink(look);
    look();
  });
}

const signal = new AbortController().signal;
const nextEvent = (client: TicketClient) =>
  new Promise<TicketEvent>((resolve) => {
    const stop = client.onTicket((event) => {
      stop();
      resolve(event);
    });
  });

describe('a call', () => {
  it('carries the token', async () => {
    const service = await aService();
    const client = clientOf(service.address, 'secret');
    await client.list({});
    expect(new Set(service.calls.map(({ authorization }) => authorization))).toContain('Bearer secret');
  });

  it.each([
    [status.INVALID_ARGUMENT, 'BAD_USER_INPUT', 'title is bad', 'title'],
    [status.NOT_FOUND, 'NOT_FOUND', 'no such ticket', undefined],
    [status.ABORTED, 'CONFLICT', 'changed meanwhile', undefined],
    [status.PERMISSION_DENIED, 'FORBIDDEN', 'not yours', undefined],
    [status.UNAVAILABLE, 'UNAVAILABLE', 'The database is restarting.', undefined],
  ])(
    'that ends in gRPC status %i is %s with its words and its field',
    async (code, expected, words, field) => {
      const service = await aService();
      const client = clientOf(service.address);
      await linked(client);
      service.failNext('UpdateTicket', code, words, field);
      await expect(client.update(1, { status: 'New' }, undefined)).rejects.toMatchObject({
        code: expected,
        message: words,
        field,
      });
    },
  );

  it('does not pass on the text of an INTERNAL', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linked(client);
    service.failNext('DeleteTicket', status.INTERNAL, 'relation "tickets" does not exist');
    const error = await client.delete(1).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect((error as Error).message).not.toContain('relation');
  });

  it('that reads is asked once more when the service is unavailable, one that writes is not', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linked(client);
    service.failNext('GetTicketList', status.UNAVAILABLE, 'restarting');
    await expect(client.list({})).resolves.toEqual([]);
    service.failNext('DeleteTicket', status.UNAVAILABLE, 'restarting');
    await expect(client.delete(1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(service.calls.filter(({ rpc }) => rpc === 'DeleteTicket')).toHaveLength(1);
  });

  it('that creates says for certain when nothing was sent', async () => {
    const service = await aService();
    await service.stop();
    const client = clientOf(service.address);
    await expect(client.createTicket(aCreate(), { signal })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { notSent: true },
    });
  });
});

describe('the link', () => {
  it('comes back by itself, as the same client, when the service does', async () => {
    const first = await aService();
    const client = clientOf(first.address);
    await linked(client);
    await first.stop();
    await linked(client, 'OFFLINE');
    expect(client.link().reason).toBe('The ticket service is not reachable: nothing answers at its address.');
    const lostAt = client.link().since;
    await aService({ address: first.address });
    await linked(client);
    expect(client.link().since > lostAt).toBe(true);
    await expect(client.list({})).resolves.toEqual([]);
  });

  it('goes on where its watch ended', async () => {
    const first = await aService();
    const client = clientOf(first.address);
    await linked(client);
    const told = nextEvent(client);
    first.tell({ kind: 'DELETED', id: 3, resumeToken: 'after 3' });
    await expect(told).resolves.toEqual({ kind: 'DELETED', id: 3, ticket: null });
    await first.stop();
    await linked(client, 'CONNECTING');
    const second = await aService({ address: first.address });
    await linked(client);
    const watches = second.calls.filter(({ rpc }) => rpc === 'WatchTickets');
    expect(watches[0]?.request).toEqual({ resumeToken: 'after 3' });
  });

  it('passes on that changes were missed', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linked(client);
    const told = nextEvent(client);
    service.tell({ kind: 'RESET', resumeToken: 'new' });
    await expect(told).resolves.toEqual({ kind: 'RESET', id: null, ticket: null });
  });

  it('is lost when the service is connected but sends nothing for 12 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const service = await aService();
    const client = clientOf(service.address);
    await linked(client);
    const reasons: (string | null)[] = [];
    client.onLink(({ reason }) => reasons.push(reason));
    // Little by little, so that the answers to gRPC's own keepalive arrive in between.
    for (let second = 0; second < 13; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    }
    expect(reasons[0]).toContain('gone silent');
  });
});

describe('an older service, with the base contract alone', () => {
  async function older(titles: readonly string[]): Promise<{ service: SmallService; client: TicketClient }> {
    const service = await aService({ older: true });
    const client = clientOf(service.address);
    await linked(client);
    for (const title of titles) {
      await client.createTicket({ ...aCreate(), title, description: '', name: 'Old' }, { signal });
    }
    return { service, client };
  }
  const order = 'CREATED_DESC' as const;

  it('is linked, of no known version, and its creates count as stored by the id it answers', async () => {
    const { client } = await older([]);
    expect(client.link().serviceVersion).toBeNull();
    await expect(client.createTicket(aCreate(), { signal })).resolves.toEqual({ id: 1 });
    await expect(client.createResults(['x'])).resolves.toBe('unknown');
  });

  it('gives pages, search and counts out of its whole list', async () => {
    const { client } = await older(['one', 'two', 'three']);
    const first = await client.page({ filter: {}, pageSize: 2, after: undefined, order });
    expect(first.tickets.map(({ title }) => title)).toEqual(['three', 'two']);
    expect(first.hasNextPage).toBe(true);
    const second = await client.page({ filter: {}, pageSize: 2, after: first.cursors[1], order });
    expect(second.tickets.map(({ title }) => title)).toEqual(['one']);
    expect(second.hasNextPage).toBe(false);
    const upwards = await client.page({ filter: {}, pageSize: 1, after: undefined, order: 'UPDATED_ASC' });
    expect(upwards.tickets.map(({ title }) => title)).toEqual(['one']);
    const found = await client.list({ text: 'TW', statuses: ['New', 'Completed'] });
    expect(found.map(({ title, createdAt, version }) => ({ title, createdAt, version }))).toEqual([
      { title: 'two', createdAt: null, version: null },
    ]);
    await expect(client.counts('t')).resolves.toEqual(new Map([['New', 2]]));
  });

  it('is asked by one filter at most, and the others are applied here', async () => {
    const { service, client } = await older(['one', 'two']);
    const filter = { ids: [2], statuses: ['New'], text: 'two' };
    const asked = async (ask: () => Promise<unknown>) => {
      const before = service.calls.length;
      await ask();
      return service.calls.slice(before).map(({ rpc, request }) => ({ rpc, request }));
    };
    const byId = {
      rpc: 'GetTicketList',
      request: { id: 2, status: '', statuses: [], text: '' },
    };
    expect(await asked(() => client.list(filter))).toEqual([byId]);
    const page = { filter, pageSize: 2, after: undefined, order };
    expect(await asked(() => client.page(page))).toEqual([byId]);
    const byStatus = await asked(() => client.list({ statuses: ['On Hold'], text: 'two' }));
    expect(byStatus[0]?.request).toMatchObject({ id: 0, status: 'On Hold', text: '' });
    await expect(client.list({ ...filter, text: 'one' })).resolves.toEqual([]);
    await expect(client.list({ ...filter, statuses: ['On Hold'] })).resolves.toEqual([]);
  });

  it('refuses a cursor that is not of its lists, by name of the field', async () => {
    const { client } = await older([]);
    const page = client.page({ filter: {}, pageSize: 2, after: 'from elsewhere', order });
    await expect(page).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
  });

  it.each([status.INTERNAL, status.UNKNOWN, status.RESOURCE_EXHAUSTED])(
    'is linked though it refuses its list with gRPC status %i',
    async (code) => {
      const service = await aService({ older: true });
      service.failNext('GetTicketList', code, 'not now');
      const client = clientOf(service.address);
      await linked(client);
      expect(service.calls.filter(({ rpc }) => rpc === 'GetTicketList')).toHaveLength(1);
    },
  );

  it('has New tickets where it left the status empty', async () => {
    const { service, client } = await older(['one', 'two', 'three']);
    for (const id of [1, 2]) Object.assign(service.tickets.get(id) ?? {}, { status: '' });
    Object.assign(service.tickets.get(3) ?? {}, { status: 'Completed' });
    const found = await client.list({ statuses: ['New'] });
    expect(found.map(({ title, status }) => [title, status])).toEqual([
      ['two', 'New'],
      ['one', 'New'],
    ]);
    const page = { filter: { statuses: ['New'] }, pageSize: 5, after: undefined, order };
    expect((await client.page(page)).tickets).toEqual(found);
    expect(await client.list({ ids: [1] })).toMatchObject([{ status: 'New' }]);
    expect(await client.counts(undefined)).toEqual(
      new Map([
        ['Completed', 1],
        ['New', 2],
      ]),
    );
    // Such a service would find none of them by their status.
    expect(service.calls.map(({ request }) => request)).not.toContainEqual(
      expect.objectContaining({ status: 'New' }),
    );
  });

  it('is not asked once more what broke the link', async () => {
    const { service, client } = await older(['one']);
    const died = service.dieAtNext('GetTicketList');
    const asked = client.list({ ids: [1] }).catch((thrown) => thrown);
    await died;
    const second = await aService({ older: true, address: service.address });
    expect(await asked).toMatchObject({ code: 'UNAVAILABLE' });
    await linked(client);
    expect(second.calls.map(({ request }) => request)).not.toContainEqual(expect.objectContaining({ id: 1 }));
  });

  it('is sent no create a second time, as it would store it twice', async () => {
    const { service, client } = await older([]);
    void service.dieAtNext('CreateTicket');
    await expect(client.createTicket(aCreate(), { signal })).rejects.toMatchObject({ code: 'CONFLICT' });
    const second = await aService({ older: true, address: service.address });
    await linked(client);
    const again = client.createTicket(aCreate(), { signal, inDoubt: true });
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(second.calls.map(({ rpc }) => rpc)).not.toContain('CreateTicket');
    second.failNext('CreateTicket', status.UNKNOWN, 'the disk is full');
    await expect(client.createTicket(aCreate(), { signal })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(client.createTicket(aCreate(), { signal })).resolves.toEqual({ id: 1 });
  });

  it('is not asked to change what it would ignore', async () => {
    const { service, client } = await older(['one']);
    await expect(client.update(1, { status: 'Completed' }, undefined)).resolves.toMatchObject({
      state: 'updated',
    });
    await expect(client.update(1, { title: 'new' }, undefined)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'title',
    });
    await expect(client.update(1, { status: 'New' }, 2)).rejects.toMatchObject({ field: 'expectedVersion' });
    expect(service.tickets.get(1)).toMatchObject({ title: 'one', status: 'Completed' });
  });

  it('tells of changes by saying that all must be read anew', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client } = await older(['one']);
    const told = nextEvent(client);
    await vi.advanceTimersByTimeAsync(5_001);
    await expect(told).resolves.toMatchObject({ kind: 'RESET' });
  });
});

describe('a service of a version that knows no ids in a page', () => {
  it('is asked for each by itself, as it would ignore them', async () => {
    const abilities = usedAbilities.filter((ability) => ability !== 'ListTickets.ids');
    const service = await aService({ tells: { version: '0.1.0', abilities } });
    const client = clientOf(service.address);
    await linked(client);
    const filter = { ids: [2, 3], statuses: ['New'], text: 'two' };
    await client.page({ filter, pageSize: 2, after: undefined, order: 'CREATED_DESC' });
    await client.list(filter);
    const reads = service.calls.filter(({ rpc }) => /List/.test(rpc));
    expect(reads.map(({ rpc }) => rpc)).toEqual(Array(4).fill('GetTicketList'));
    expect(reads.map(({ request }) => request)).toMatchObject(
      [2, 3, 2, 3].map((id) => ({ id, statuses: ['New'], text: 'two' })),
    );
  });
});

describe('told to try now, such as after sleep', () => {
  it('ends the pause before the next try', async () => {
    const first = await aService();
    const { address } = first;
    await first.stop();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const client = clientOf(address);
    // Refused, and from then on time stands still.
    await new Promise<void>((resolve) => {
      const stop = client.onLink(({ reason }) => {
        if (reason?.includes('nothing answers')) resolve(stop());
      });
    });
    await aService({ address });
    client.retryNow();
    await linked(client);
  });

  it('gives up a session that does not answer any more, sooner than by its silence', async () => {
    const service = await aService();
    const relay = await startRelay({ to: service.address });
    stops.push(relay.close);
    const client = clientOf(relay.address);
    await linked(client);
    await relay.cut('silent');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    client.retryNow();
    const lost = linked(client, 'CONNECTING');
    await vi.advanceTimersByTimeAsync(2_500);
    await lost;
    // The next try, whose deadline is in that time too, would hold up the end.
    vi.useRealTimers();
    await relay.cut('drop');
  });

  it('keeps a session that answers', async () => {
    const service = await aService();
    const client = clientOf(service.address);
    await linked(client);
    const states: string[] = [];
    client.onLink(({ state }) => states.push(state));
    client.retryNow();
    await vi.waitFor(() => expect(service.calls.map(({ rpc }) => rpc)).toContain('HealthCheck'));
    await client.list({});
    expect(states).toEqual([]);
  });
});
