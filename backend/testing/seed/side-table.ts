/**
 * A table beside tickets, with the same triggers on each row, that a second connection fills meanwhile: what takes the
 * time is to work out by what a ticket is found, and so two processors do.
 */
import type pg from 'pg';
import { connectForUpkeep } from '../../ticket-service/store/database.ts';
import { type CopyText, copyRows } from './copy.ts';

const table = 'ticket_seed_rows';

export interface SideTable {
  add(tickets: CopyText): Promise<void>;
  /** Puts all of it into tickets, in the client's transaction, and leaves nothing of it. */
  moveInto(client: pg.Client): Promise<void>;
  close(): Promise<void>;
}

/** One that a seed left which did not end is made anew. */
export async function openSideTable(postgresUrl: string, signal?: AbortSignal): Promise<SideTable> {
  const own = await connectForUpkeep(postgresUrl, signal);
  const { rows: triggers } = await own.query<{ name: string; definition: string }>(
    `select quote_ident(tgname) as name, pg_get_triggerdef(oid) as definition from pg_trigger
     where tgrelid = 'tickets'::regclass and not tgisinternal and tgenabled <> 'D'
       -- Before each row that is inserted, as pg_trigger has it in bits.
       and tgtype & 7 = 7`,
  );
  await own.query('set synchronous_commit = off');
  await own.query(`drop table if exists ${table}`);
  await own.query(`create unlogged table ${table} (like tickets including defaults)`);
  for (const { definition } of triggers) await own.query(definition.replace(/ ON \S+ /, ` ON ${table} `));
  return {
    add: (tickets) => copyRows(own, table, tickets),
    async moveInto(client) {
      const set = async (to: 'enable' | 'disable') => {
        for (const { name } of triggers) await client.query(`alter table tickets ${to} trigger ${name}`);
      };
      await set('disable');
      await client.query(`insert into tickets select * from ${table}`);
      await set('enable');
      await client.query(`drop table ${table}`);
    },
    close: () => own.end(),
  };
}
