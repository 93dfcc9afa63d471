/** What becomes of deliveries on a real Postgres. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../logger.ts';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { openPostgresStore } from '../store/postgres-store.ts';
import type { TicketStore } from '../store/ticket-store.ts';
import { controllableSource } from '../testing/controllable-source.ts';
import { silent, soleCache } from '../testing/service.ts';
import { Consumer } from './consumer.ts';

const postgres = postgresOfFile();
let sql: pg.Client;
let postgresUrl: string;
let stops: (() => Promise<unknown>)[];

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  sql = new pg.Client(postgresUrl);
  sql.on('error', () => {});
  await sql.connect();
  stops = [() => sql.end()];
  return async () => {
    for (const stop of stops.reverse()) await stop();
  };
});

/** @param wrap what stands between the consumer and its store */
async function startConsumer(wrap: (store: TicketStore) => TicketStore = (store) => store, logger = silent) {
  const store = await openPostgresStore({ postgresUrl, logger: silent });
  const source = controllableSource();
  const storage = { store: wrap(store), cache: soleCache() };
  const consumer = new Consumer({ storage, openSource: source.open, topic: 'ticketCreate', logger });
  stops.push(
    () => store.close(),
    () => consumer.stop(),
  );
  return { ...source, store };
}

const text = { title: 'Printer', description: 'Second floor.', name: 'Ada' };
const aBody = (fields: object = {}) => ({
  ...text,
  requestId: uuidv7(),
  createdAt: '2026-03-04T05:06:07.123456Z',
  ...fields,
});
const rows = async (statement: string) => (await sql.query(statement)).rows;
const titles = async () =>
  (await rows('select title from tickets order by title')).map((row) => row.title as string);

it('stores what is delivered, and finishes it after that alone', async () => {
  let mayCommit = () => {};
  const committing = new Promise<void>((resolve) => {
    mayCommit = resolve;
  });
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { deliver } = await startConsumer((store) => ({
    ...store,
    async create(creates) {
      asked();
      await committing;
      return store.create(creates);
    },
  }));
  const body = aBody();
  const delivery = deliver(body);
  await isAsked;
  await new Promise(setImmediate);
  expect(delivery.ends).toEqual([]);
  mayCommit();
  expect(await delivery.ended).toBe('finished');
  const { requestId, createdAt: _, ...written } = body;
  expect(await rows('select title, description, name, status, request_id from tickets')).toEqual([
    { ...written, status: 'New', request_id: requestId },
  ]);
});

it('makes one ticket of a message of an older producer, however often and wherever it is delivered', async () => {
  const [here, there] = [await startConsumer(), await startConsumer()];
  const publishedAtMs = Date.parse('2026-05-06T07:08:09.123Z');
  const message = { id: '0a1b2c3d4e5f6071', publishedAtMs };
  const deliveries = [here, there, here, there].map(({ deliver }, at) =>
    deliver(text, { ...message, attempts: at + 1 }),
  );
  for (const { ended } of deliveries) expect(await ended).toBe('finished');
  const found = await rows('select created_at, request_id::text from tickets');
  expect(found).toEqual([
    { created_at: new Date(publishedAtMs), request_id: expect.stringMatching(/^.{14}5/) },
  ]);
  await here.deliver(text, { ...message, id: 'another message' }).ended;
  expect(await titles()).toHaveLength(2);
});

it('makes one ticket of a request that two services get at once, 50 times', async () => {
  const [here, there] = [await startConsumer(), await startConsumer()];
  for (let round = 0; round < 50; round += 1) {
    const bodies = Array.from({ length: 10 }, (_, at) => aBody({ title: `${round}-${at}` }));
    const deliveries = [
      ...bodies.map((body) => here.deliver(body)),
      ...bodies.reverse().map((body) => there.deliver(body)),
    ];
    for (const { ended } of deliveries) expect(await ended).toBe('finished');
  }
  expect(await titles()).toHaveLength(500);
  expect(new Set(await titles()).size).toBe(500);
});

describe('a message that can never become a ticket', () => {
  const poison: [what: string, body: unknown, field: string | null][] = [
    ['no JSON', Buffer.from('title=Printer'), null],
    ['not UTF-8', Buffer.from([...Buffer.from('{"title":"'), 0xff, ...Buffer.from('"}')]), null],
    ['nothing', Buffer.from(''), null],
    ['a list', [text], null],
    ['no title', { ...aBody(), title: undefined }, 'title'],
    ['a number for a name', aBody({ name: 7 }), 'name'],
    ['a blank title', aBody({ title: ' ' }), 'title'],
    ['a title too long', aBody({ title: 'x'.repeat(201) }), 'title'],
    ['a NUL', aBody({ description: 'a\0b' }), 'description'],
    ['half a character', aBody({ name: 'a\ud800' }), 'name'],
    ['no UUID for a request id', aBody({ requestId: 'seven' }), 'requestId'],
    ['no time for its filing', aBody({ createdAt: 'yesterday' }), 'createdAt'],
    ['a revision below 0', aBody({ revision: -1 }), 'revision'],
  ];

  it('is kept with its reason, and the good ones around it become tickets', async () => {
    const { deliver, store } = await startConsumer();
    const deliveries = poison.flatMap(([what, body]) => [deliver(body), deliver(aBody({ title: what }))]);
    for (const { ended } of deliveries) expect(await ended).toBe('finished');
    expect(await titles()).toEqual(poison.map(([what]) => what).sort());
    const kept = await rows('select request_id::text, field, body, reason from rejected_creates');
    expect(kept).toHaveLength(poison.length);
    for (const [what, body, field] of poison) {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const found = kept.find((row) => bytes.equals(row.body));
      expect(found?.field, what).toBe(field);
      expect(found?.reason, what).toMatch(/\w \w.*\.$/);
      const { requestId = '' } = body as { requestId?: string };
      if (requestId.length === 36) expect(found?.request_id, what).toBe(requestId);
    }
    const [first] = await store.createResults(kept.map((row) => row.request_id));
    expect(first).toMatchObject({ state: 'rejected', revision: 0 });
  });

  it('writes a line, however many of them come in a loop', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const { deliver } = await startConsumer(
      (store) => store,
      createLogger({ name: 'test', level: 'warn', destination }),
    );
    const deliveries = Array.from({ length: 1_000 }, (_, at) => deliver(Buffer.from(`rubbish ${at}`)));
    for (const { ended } of deliveries) expect(await ended).toBe('finished');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('rubbish');
  });

  it('is kept once, however often it is delivered', async () => {
    const { deliver } = await startConsumer();
    for (let attempts = 1; attempts <= 3; attempts += 1) {
      await deliver(Buffer.from('?'), { id: 'same', attempts }).ended;
    }
    expect(await rows('select request_id from rejected_creates')).toHaveLength(1);
  });

  it('because the database can not hold it, is found among those that it can', async () => {
    const { deliver } = await startConsumer();
    await sql.query(`alter table tickets add check (title <> 'Unfit')`);
    const good = Array.from({ length: 20 }, (_, at) => aBody({ title: `Good ${at}` }));
    const unfit = aBody({ title: 'Unfit' });
    const deliveries = [...good.slice(0, 13), unfit, ...good.slice(13)].map((body) => deliver(body));
    for (const { ended } of deliveries) expect(await ended).toBe('finished');
    expect(await titles()).toEqual(good.map(({ title }) => title).sort());
    expect(await rows('select request_id from rejected_creates')).toEqual([{ request_id: unfit.requestId }]);
  });

  it('becomes one in a newer revision, whichever of them comes first', async () => {
    const { deliver, store } = await startConsumer();
    const [bad, mended] = [aBody({ title: '' }), aBody({ title: 'Mended', revision: 1 })];
    const swapped = aBody({ title: 'Swapped', revision: 1 });
    await deliver(bad).ended;
    await deliver({ ...mended, requestId: bad.requestId }).ended;
    await deliver(swapped).ended;
    await deliver({ ...swapped, title: '', revision: 0 }).ended;
    expect(await titles()).toEqual(['Mended', 'Swapped']);
    expect(await store.createResults([bad.requestId, swapped.requestId])).toMatchObject([
      { state: 'stored' },
      { state: 'stored' },
    ]);
  });
});

describe('another text under the request id of a ticket', () => {
  it('is kept once as it came, with the number of that ticket, and changes nothing', async () => {
    const { deliver, store } = await startConsumer();
    const first = aBody();
    await deliver(first).ended;
    const second = { ...first, description: 'Third floor.' };
    for (let attempts = 1; attempts <= 3; attempts += 1) {
      expect(await deliver(second, { id: 'second', attempts }).ended).toBe('finished');
    }
    await deliver(first, { id: 'first again' }).ended;
    expect(await rows('select description from tickets')).toEqual([{ description: 'Second floor.' }]);
    expect(await rows('select reason, field, body from rejected_creates')).toEqual([
      {
        reason: expect.stringContaining('#1'),
        field: 'requestId',
        body: Buffer.from(JSON.stringify(second)),
      },
    ]);
    expect(await store.createResults([first.requestId])).toMatchObject([{ state: 'stored', id: 1 }]);
  });

  it('in one batch with it is kept too', async () => {
    const { deliver } = await startConsumer();
    const first = aBody();
    const deliveries = [first, { ...first, name: 'Bo' }, { ...first, name: 'Cy' }].map((body) =>
      deliver(body),
    );
    for (const { ended } of deliveries) expect(await ended).toBe('finished');
    expect(await titles()).toHaveLength(1);
    expect(await rows('select body from rejected_creates')).toHaveLength(2);
  });

  it('that an older producer did not choose is no conflict: each message becomes its ticket', async () => {
    const { deliver } = await startConsumer();
    const message = { id: '0a1b2c3d4e5f6071' };
    const [first, second] = [text, { ...text, title: 'After the clock was set back' }];
    for (let attempts = 1; attempts <= 3; attempts += 1) {
      await deliver(first, { ...message, attempts }).ended;
      await deliver(second, { ...message, attempts }).ended;
    }
    expect(await titles()).toEqual([second.title, first.title]);
    expect(await rows('select request_id from rejected_creates')).toEqual([]);
  });
});

describe('a failure that passes', () => {
  it('of one create alone sends that one back for later, and holds up no other', async () => {
    const { deliver } = await startConsumer();
    await sql.query(`
      create function stick() returns trigger language plpgsql as
        $$ begin raise exception 'locked' using errcode = 'lock_not_available'; end $$;
      create trigger stick before insert on tickets for each row when (new.title = 'Stuck') execute function stick()`);
    const good = Array.from({ length: 20 }, (_, at) => aBody({ title: `Good ${at}` }));
    const stuck = aBody({ title: 'Stuck' });
    const ends = [stuck, ...good].map((body) => deliver(body).ended);
    expect(await ends[0]).toEqual({ requeuedMs: expect.any(Number) });
    for (const end of ends.slice(1)) expect(await end).toBe('finished');
    await sql.query('drop trigger stick on tickets');
    expect(await deliver(stuck, { attempts: 2 }).ended).toBe('finished');
    expect(await titles()).toEqual([...good.map(({ title }) => title), 'Stuck'].sort());
    expect(await rows('select * from rejected_creates')).toEqual([]);
  });

  it('of Postgres, killed while it stores, loses nothing and doubles nothing', async () => {
    const { deliver } = await startConsumer();
    const bodies = Array.from({ length: 400 }, (_, at) => aBody({ title: `${at}` }));
    const ends = bodies.slice(0, 200).map((body) => deliver(body).ended);
    const killed = postgres.kill();
    for (const body of bodies.slice(200)) {
      ends.push(deliver(body).ended);
      await new Promise(setImmediate);
    }
    await killed;
    for (const end of ends) expect(await end).toBe('finished');
    const again = new pg.Client(postgresUrl);
    await again.connect();
    const { rows: found } = await again.query(
      'select count(*)::integer as n, count(distinct title)::integer as d from tickets',
    );
    await again.end();
    expect(found).toEqual([{ n: 400, d: 400 }]);
  });
});
