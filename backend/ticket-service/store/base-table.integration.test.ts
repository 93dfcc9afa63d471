/** Tables that are not taken over, and what is said of them. */
import { describe, expect, it } from 'vitest';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { queryAt } from '../../testing/test-database.ts';
import { silent } from '../testing/service.ts';
import { openPostgresStore } from './postgres-store.ts';

const postgres = postgresOfFile();

const base = 'title text, description text, name text, status text';
const serial = `create table tickets (id serial primary key, ${base})`;

async function databaseWith(sql: string): Promise<string> {
  const url = await postgres.createDatabase();
  await queryAt(url, sql);
  return url;
}

describe('a table of another shape is left alone, and the refusal names', () => {
  it.each([
    [
      'a column that is missing',
      'create table tickets (id serial primary key, title text, name text, status text)',
      'no column description',
    ],
    [
      'a column that is too much',
      `create table tickets (id serial primary key, ${base}, priority integer)`,
      'priority (integer)',
    ],
    [
      'deleted tickets that are kept',
      `create table tickets (id serial primary key, ${base}, deleted_at timestamptz)`,
      'deleted_at',
    ],
    [
      'a type',
      `create table tickets (id uuid primary key default gen_random_uuid(), ${base})`,
      'id is of the type uuid',
    ],
    [
      'a status of another kind',
      `create type state as enum ('New'); create table tickets (id serial primary key, title text, description text, name text, status state)`,
      'status is of the type state',
    ],
    [
      'a status that there is not',
      `${serial}; insert into tickets (title, status) values ('a', 'Open'), ('b', 'Open')`,
      '2 of its tickets have the status "Open"',
    ],
    ['a missing key', `create table tickets (id serial, ${base})`, 'no primary key (id)'],
    [
      'an id too large',
      `create table tickets (id bigint primary key, ${base}); insert into tickets values (3000000000)`,
      'the id 3000000000',
    ],
    [
      'an id behind which there is none',
      `create table tickets (id bigint primary key, ${base}); insert into tickets values (2147483647)`,
      'the id 2147483647',
    ],
    [
      'a time that is none',
      `create table tickets (id serial primary key, created_at timestamptz, ${base}); insert into tickets (created_at) values ('infinity')`,
      '1 of its tickets have a created_at outside',
    ],
    [
      'a rule on its values',
      `create table tickets (id serial primary key, ${base}, check (status in ('New')))`,
      'a constraint tickets_status_check',
    ],
    [
      'what refers to it',
      `${serial}; create table notes (ticket_id integer references tickets)`,
      'notes has a constraint',
    ],
    [
      'what must be unique',
      `${serial}; create unique index one_title on tickets (title)`,
      'unique index one_title',
    ],
    [
      'a trigger',
      `${serial}; create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on tickets for each row execute function f()`,
      'a trigger t',
    ],
    [
      'a view that reads it',
      `${serial}; create view open_tickets as select * from tickets`,
      'the view open_tickets',
    ],
    [
      'a view in its place',
      `create view tickets as select 1 as id, ''::text as title, ''::text as description, ''::text as name, ''::text as status`,
      'no ordinary table',
    ],
    [
      'partitions',
      `create table tickets (id integer primary key, ${base}) partition by range (id)`,
      'no ordinary table',
    ],
    [
      'the ledger of another program',
      `create table schema_migrations (version bigint primary key, dirty boolean not null); insert into schema_migrations values (1, false)`,
      '"schema_migrations" of another program',
    ],
    [
      'a table in the way',
      `${serial}; create table create_results (id integer)`,
      '"create_results" already exists',
    ],
  ])('%s', async (_name, sql, words) => {
    const url = await databaseWith(sql);
    const everything = `select c.oid, relname, attname, atttypid from pg_class c join pg_attribute on attrelid = c.oid
      where relnamespace = 'public'::regnamespace order by c.oid, attnum`;
    const before = await queryAt(url, everything);
    await expect(openPostgresStore({ postgresUrl: url, logger: silent })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining(words),
    });
    expect(await queryAt(url, everything)).toEqual(before);
  });

  it('a role that may not', async () => {
    const url = await databaseWith(
      `${serial}; create role guest_${process.pid} login password 'guest'; grant create on schema public to guest_${process.pid}`,
    );
    const guest = new URL(url);
    [guest.username, guest.password] = [`guest_${process.pid}`, 'guest'];
    await expect(openPostgresStore({ postgresUrl: guest.href, logger: silent })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('permission denied'),
    });
  });
});
