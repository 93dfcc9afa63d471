/** Two ticket services' stores on one fresh database for each test, and that database itself. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { beforeEach } from 'vitest';
import type { NewTicket } from '../domain/ticket.ts';
import { openPostgresStore } from '../ticket-service/store/postgres-store.ts';
import type { CreateOutcome, TicketStore } from '../ticket-service/store/ticket-store.ts';
import { silent } from '../ticket-service/testing/service.ts';
import { postgresOfFile } from './postgres-of-file.ts';

export interface TwoStores {
  store: TicketStore;
  /** Another ticket service on the same database. */
  other: TicketStore;
  sql: pg.Client;
  postgresUrl: string;
  /** How many tickets there are. */
  count(): Promise<number>;
}

/** To be called once in a test file; what it answers is filled anew before each test. */
export function withTwoStores(): TwoStores {
  const postgres = postgresOfFile();
  const stores = {} as TwoStores;
  beforeEach(async () => {
    const postgresUrl = await postgres.createDatabase();
    const store = await openPostgresStore({ postgresUrl, logger: silent });
    const other = await openPostgresStore({ postgresUrl, logger: silent });
    const sql = new pg.Client(postgresUrl);
    await sql.connect();
    const count = async () => (await sql.query('select count(*)::integer as n from tickets')).rows[0].n;
    Object.assign(stores, { store, other, sql, postgresUrl, count });
    return async () => void (await Promise.all([store.close(), other.close(), sql.end()]));
  });
  return stores;
}

export function aCreate(fields: Partial<NewTicket> = {}): NewTicket {
  const requestId = uuidv7();
  const createdAt = '2026-03-04T05:06:07.123456Z';
  return { requestId, title: 'Printer', description: 'Second floor.', name: 'Ada', createdAt, ...fields };
}

/** The ticket that a create became, or was before. */
export function idOf(outcome: CreateOutcome | undefined): number | undefined {
  return outcome?.state === 'created'
    ? outcome.ticket.id
    : outcome?.state === 'known'
      ? outcome.id
      : undefined;
}
