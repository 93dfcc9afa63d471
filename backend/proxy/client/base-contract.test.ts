/** Behind a service of the base contract alone the client does itself what that can't, and repeats nothing. */
import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { abilities } from '../../../proto/abilities.ts';
import { linkState } from '../testing/link-state.ts';
import { aService, clientOf, nextEvent } from '../testing/linked-client.ts';
import { aCreate } from '../testing/outbox-desk.ts';
import type { SmallService } from '../testing/small-service.ts';
import type { TicketClient } from '../ticket-client.ts';
import { encodeFilters } from './whole-contract.ts';

const { signal } = new AbortController();

describe('an older service, with the base contract alone', () => {
  async function older(titles: readonly string[]): Promise<{ service: SmallService; client: TicketClient }> {
    const service = await aService({ older: true });
    const client = clientOf(service.address);
    await linkState(client);
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

  it('has neither history nor comments, and of agents knows who asks alone', async () => {
    const { client } = await older(['one']);
    const page = { ticketId: 1, pageSize: 50, afterId: undefined, newestFirst: false };
    const nothing = { nodes: [], hasNextPage: false };
    await expect(client.history(page)).resolves.toEqual(nothing);
    await expect(client.comments(page)).resolves.toEqual(nothing);
    const ada = { id: 'a', name: 'Ada' };
    await expect(client.agents(ada)).resolves.toEqual([{ ...ada, lastSeenAt: null }]);
    await expect(client.agents(undefined)).resolves.toEqual([]);
  });

  it('has no views, and says that it keeps none', async () => {
    const { client } = await older([]);
    await expect(client.views(undefined)).resolves.toEqual([]);
    const refused = { code: 'BAD_USER_INPUT', message: expect.stringContaining('keeps no views') };
    await expect(client.deleteView('x', undefined)).rejects.toMatchObject(refused);
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
    const filter = { query: 'is:open -one tw status:lost' };
    const searched = await client.page({ filter, pageSize: 2, after: undefined, order });
    expect(searched.tickets.map(({ title }) => title)).toEqual(['two']);
    expect(searched.problems).toMatchObject([{ from: 23, to: 27 }]);
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
      request: { id: 2, status: '', ...encodeFilters({}), text: '', query: '', timeZone: '' },
    };
    expect(await asked(() => client.list(filter))).toEqual([byId]);
    const page = { filter, pageSize: 2, after: undefined, order };
    expect(await asked(() => client.page(page))).toEqual([byId]);
    const byStatus = await asked(() => client.list({ statuses: ['On Hold'], text: 'two' }));
    expect(byStatus[0]?.request).toMatchObject({
      id: 0,
      status: 'On Hold',
      text: '',
      query: '',
      timeZone: '',
    });
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
      await linkState(client);
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
    await linkState(client);
    expect(second.calls.map(({ request }) => request)).not.toContainEqual(expect.objectContaining({ id: 1 }));
  });

  it('is sent no create a second time, as it would store it twice', async () => {
    const { service, client } = await older([]);
    void service.dieAtNext('CreateTicket');
    await expect(client.createTicket(aCreate(), { signal })).rejects.toMatchObject({ code: 'CONFLICT' });
    const second = await aService({ older: true, address: service.address });
    await linkState(client);
    const again = client.createTicket(aCreate(), { signal, inDoubt: true });
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(second.calls.map(({ rpc }) => rpc)).not.toContain('CreateTicket');
    second.failNext('CreateTicket', status.UNKNOWN, 'the disk is full');
    await expect(client.createTicket(aCreate(), { signal })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(client.createTicket(aCreate(), { signal })).resolves.toEqual({ id: 1 });
  });

  it('is not asked to change what it would ignore', async () => {
    const { service, client } = await older(['one']);
    await expect(client.update(1, { status: 'Completed' }, {})).resolves.toMatchObject({
      state: 'updated',
      ticket: { id: 1, title: 'one', status: 'Completed' },
    });
    service.failNext('GetTicketList', status.INTERNAL, 'not now');
    await expect(client.update(1, { status: 'Completed' }, {})).resolves.toMatchObject({
      state: 'updated',
      ticket: null,
    });
    await expect(client.update(1, { title: 'new' }, {})).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'title',
    });
    await expect(client.update(1, { status: 'New' }, { expectedVersion: 2 })).rejects.toMatchObject({
      field: 'expectedVersion',
    });
    expect(service.tickets.get(1)).toMatchObject({ title: 'one', status: 'Completed' });
  });

  it('is filed nothing that it would drop', async () => {
    const { service, client } = await older([]);
    await expect(client.createTicket({ ...aCreate(), priority: 'High' }, { signal })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'priority',
    });
    expect(service.tickets.size).toBe(0);
    await expect(client.createTicket({ ...aCreate(), priority: 'Normal' }, { signal })).resolves.toEqual({
      id: 1,
    });
  });

  it('tells of changes by saying that all must be read anew', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client } = await older(['one']);
    const told = nextEvent(client);
    await vi.advanceTimersByTimeAsync(5_001);
    await expect(told).resolves.toMatchObject({ kind: 'RESET' });
  });
});

describe('a service that lacks any ability that the desk uses', () => {
  it.each(abilities)('counts as one of the base contract: without %s', async (lacked) => {
    const others = abilities.filter((ability) => ability !== lacked);
    const service = await aService({ tells: { version: '0.1.0', abilities: others } });
    const client = clientOf(service.address);
    await linkState(client);
    expect(client.link()).toMatchObject({
      serviceVersion: '0.1.0',
      reason: expect.stringContaining(`0.1.0, which lacks ${lacked}`),
    });
    const filter = { ids: [2, 3], statuses: ['On Hold'], text: 'two' };
    await client.page({ filter, pageSize: 2, after: undefined, order: 'CREATED_DESC' });
    await client.list(filter);
    await client.counts('two');
    await client.createTicket(aCreate(), { signal });
    await expect(client.createResults(['x'])).resolves.toBe('unknown');
    for (const cannot of [
      client.restore(1),
      client.ticketIds({}),
      client.undoChange({ requestId: 'x', undoes: 'y', agent: undefined }),
    ])
      await expect(cannot).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('older version'),
      });
    const beyond = service.calls.filter(({ rpc }) => rpc !== 'GetServerInfo' && abilities.includes(rpc));
    expect(beyond).toEqual([]);
    // What it does not know it would ignore: the tickets are picked out here.
    const reads = service.calls.filter(({ rpc }) => rpc === 'GetTicketList').slice(-3);
    expect(reads.map(({ request }) => request)).toEqual(
      ['On Hold', 'On Hold', ''].map((asked) => ({
        id: 0,
        status: asked,
        ...encodeFilters({}),
        text: '',
        query: '',
        timeZone: '',
      })),
    );
  });
});
