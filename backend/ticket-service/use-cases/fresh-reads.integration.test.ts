/** After a write has answered, no read returns what was before, however slow a reader was. */
import { beforeEach, expect, it } from 'vitest';
import { ticketServiceDefinition } from '../../../proto/contract-package.ts';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { countTickets, getTicketList, listTickets } from '../grpc/read-rpcs.ts';
import { deleteTicket, restoreTicket, updateTicket } from '../grpc/write-rpcs.ts';
import { openPostgresStore } from '../store/postgres-store.ts';
import type { TicketStore } from '../store/ticket-store.ts';
import { silent, soleCache } from '../testing/service.ts';
import { type CreateInput, createTickets, type TicketStorage } from './create-tickets.ts';

const postgres = postgresOfFile();
let store: TicketStore;

beforeEach(async () => {
  store = await openPostgresStore({ postgresUrl: await postgres.createDatabase(), logger: silent });
  return () => store.close();
});

const rpcs = {
  GetTicketList: getTicketList,
  ListTickets: listTickets,
  CountTickets: countTickets,
  UpdateTicket: updateTicket,
  DeleteTicket: deleteTicket,
  RestoreTicket: restoreTicket,
};

/** Asks an RPC as it is asked over the wire. */
function call<Name extends keyof typeof rpcs>(storage: TicketStorage, name: Name, request: object) {
  const { requestSerialize, requestDeserialize } = ticketServiceDefinition[name];
  const rpc = rpcs[name] as (
    storage: TicketStorage,
    request: object,
    caller: object,
  ) => ReturnType<(typeof rpcs)[Name]>;
  const caller = { peer: '127.0.0.1:1', hasShakenHands: true, isBase: false };
  return rpc(storage, requestDeserialize(requestSerialize(request)), caller);
}

async function createTicket(storage: TicketStorage, input: CreateInput): Promise<{ id: number }> {
  const [answer] = await createTickets(storage, [input]);
  if (!answer || 'refused' in answer) throw new Error('refused');
  return answer;
}

function signal(): { promise: Promise<void>; give(): void } {
  let give = () => {};
  const promise = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}

/** A store that has read, and takes its time to tell. */
function slowStore(hasRead: () => void, mayTell: Promise<void>): TicketStore {
  const late = async <Value>(read: Promise<Value>): Promise<Value> => {
    const value = await read;
    hasRead();
    await mayTell;
    return value;
  };
  return {
    ...store,
    find: (id) => late(store.find(id)),
    list: (filter) => late(store.list(filter)),
    page: (request) => late(store.page(request)),
    countByStatus: (terms) => late(store.countByStatus(terms)),
    count: (filter) => late(store.count(filter)),
    countEachStatus: (filter) => late(store.countEachStatus(filter)),
  };
}

const reads: [what: string, read: (storage: TicketStorage, id: number) => Promise<unknown>][] = [
  ['a ticket', (storage, id) => call(storage, 'GetTicketList', { id })],
  ['the list', (storage) => call(storage, 'GetTicketList', {})],
  ['a page', (storage) => call(storage, 'ListTickets', { pageSize: 10 })],
  ['the counts', (storage) => call(storage, 'CountTickets', {})],
];
const writes: [event: string, write: (storage: TicketStorage, id: number) => Promise<unknown>][] = [
  ['an update', (storage, id) => call(storage, 'UpdateTicket', { id, status: 'Completed' })],
  ['a deletion', (storage, id) => call(storage, 'DeleteTicket', { id })],
  [
    'a deletion taken back',
    async (storage, id) => {
      await call(storage, 'DeleteTicket', { id });
      await call(storage, 'UpdateTicket', { id, status: 'New' });
      await call(storage, 'RestoreTicket', { id });
    },
  ],
];

for (const [what, read] of reads) {
  for (const [event, write] of writes) {
    it(`a slow read of ${what} that ${event} overtakes leaves nothing old behind`, async () => {
      const uncached = { store, cache: soleCache() };
      const { id } = await createTicket(uncached, { title: 'T', description: '', name: 'N' });

      const cache = soleCache();
      const [hasRead, mayTell] = [signal(), signal()];
      const slowAnswer = read({ store: slowStore(hasRead.give, mayTell.promise), cache }, id);
      await hasRead.promise;
      await write({ store, cache }, id);
      mayTell.give();
      await slowAnswer;

      const truth = await read({ store, cache: soleCache() }, id);
      expect(await read({ store, cache }, id)).toEqual(truth);
    });

    it(`a cached read of ${what} is gone once ${event} has answered`, async () => {
      const storage = { store, cache: soleCache() };
      const { id } = await createTicket(storage, { title: 'T', description: '', name: 'N' });
      await read(storage, id);
      await write(storage, id);
      const truth = await read({ store, cache: soleCache() }, id);
      expect(await read(storage, id)).toEqual(truth);
    });
  }

  it(`${what} comes from the cache as long as nothing is written`, async () => {
    const storage = { store, cache: soleCache() };
    const { id } = await createTicket(storage, { title: 'T', description: '', name: 'N' });
    const first = await read(storage, id);
    const closedStore = slowStore(() => {
      throw new Error('the database was asked');
    }, Promise.resolve());
    expect(await read({ ...storage, store: closedStore }, id)).toEqual(first);
  });
}

it('a ticket is cached as JSON under ticket:<id> from its creation on', async () => {
  const cache = soleCache();
  const { id } = await createTicket({ store, cache }, { title: 'T', description: '', name: 'N' });
  expect(JSON.parse((await cache.get(`ticket:${id}`)).value ?? '')).toEqual(await store.find(id));
});

it('what another program left in the cache, and is no ticket, counts as a miss and is replaced', async () => {
  const cache = soleCache();
  const storage = { store, cache };
  const { id } = await createTicket(storage, { title: 'T', description: '', name: 'N' });
  for (const value of ['no JSON', '{"id":1}', '7', 'null']) {
    const { generation = '' } = await cache.get(`ticket:${id}`);
    await cache.put(`ticket:${id}`, { value, ttlMs: 60_000, generation });
    const read = await call(storage, 'GetTicketList', { id });
    expect(read.tickets).toMatchObject([{ title: 'T' }]);
    expect((await cache.get(`ticket:${id}`)).value).toContain('updatedAt');
  }
});
