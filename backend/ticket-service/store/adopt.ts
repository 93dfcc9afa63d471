/**
 * Takes over the table `tickets` of a service of the base contract, in place: what the migrations would have made is
 * added to it, in steps of which none keeps others from the table for long. A step that was killed is done again at the
 * next start; until the last one is done the database counts as not migrated.
 */
import type pg from 'pg';
import { maxInt32 } from '../../../proto/ticket-fields.ts';
import type { Logger } from '../../logger.ts';
import { refuseUnknownShape } from './base-table.ts';
import { fillEmptyColumns, timeUnknown, transaction } from './fill-empty.ts';
import { migrations } from './generated/migrations.ts';

/** Needed while empty columns are filled, so that no ticket comes in without; the others count that as changes. */
const earlyTriggers = ['tickets_settle', 'tickets_words'];

/**
 * Where there is no such table it does nothing.
 * @param options.record notes that a migration has been applied
 * @throws DeskError BAD_USER_INPUT: the table is of an unknown shape; nothing was changed.
 */
export async function adoptBaseTable(
  client: pg.Client,
  options: { logger: Logger; record: (migration: string) => Promise<void> },
): Promise<void> {
  const { logger, record } = options;
  if (!(await exists(client, 'tickets'))) return;
  if (!(await exists(client, 'tickets_adoption'))) {
    await transaction(client, () => begin(client));
    logger.info('taking over the tickets of an older service');
  }
  await fillEmptyColumns(client, logger);
  await buildIndexes(client, logger);
  await addReferences(client);
  await transaction(client, async () => {
    await finish(client);
    for (const name of await statements(client, 'migration')) await record(name);
    await client.query('drop table tickets_adoption');
  });
  logger.info('took over the tickets of an older service');
}

export async function exists(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [
    table,
  ]);
  return rows[0]?.found ?? false;
}

/** What is still to be done. */
async function statements(
  client: pg.Client,
  step: 'early trigger' | 'index' | 'trigger' | 'reference' | 'valid reference' | 'migration',
): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    'select statement from tickets_adoption where step = $1 order by statement',
    [step],
  );
  return rows.map(({ statement }) => statement);
}

/**
 * The migrations make a table of tickets of their own, from which is learned what the found one lacks, and leave what
 * stands beside it. That table is empty, and nobody else sees it.
 */
async function begin(client: pg.Client): Promise<void> {
  await client.query('lock table tickets in access exclusive mode');
  await refuseUnknownShape(client);
  await client.query('alter table tickets rename to tickets_found');
  for (const { sql } of migrations) await client.query(sql);
  await client.query(
    `
    create table tickets_adoption as
    select 'index' as step, pg_get_indexdef(indexrelid) as statement from pg_index
    where indrelid = 'tickets'::regclass and not indisprimary
    union all
    select case when tgname = any($1) then 'early trigger' else 'trigger' end, pg_get_triggerdef(oid)
    from pg_trigger where tgrelid = 'tickets'::regclass and not tgisinternal
    union all
    select step, format('alter table tickets ' || change, conname, pg_get_constraintdef(pg_constraint.oid))
    from pg_constraint, (values
      ('reference', 'drop constraint if exists %1$I, add constraint %1$I %2$s not valid'),
      ('valid reference', 'validate constraint %1$I')) as changes (step, change)
    where conrelid = 'tickets'::regclass and contype = 'f'
    union all
    select 'migration', name from unnest($2::text[]) name`,
    [earlyTriggers, migrations.map(({ name }) => name)],
  );
  const { columns, defaults } = await missingOfColumns(client);
  await client.query('drop table tickets');
  await client.query('alter table tickets_found rename to tickets');
  await client.query(`alter table tickets ${columns.join(', ')}`);
  await client.query(`alter table tickets ${defaults.join(', ')}`);
  await ownIdSequence(client);
  for (const statement of await statements(client, 'early trigger')) await client.query(statement);
}

interface Column {
  name: string;
  type: string;
  default: string | null;
  required: boolean;
  /** Undefined where it is missing. */
  found: string | null;
}

/** Each has a constant default, so that Postgres adds it without rewriting the rows. */
async function missingOfColumns(client: pg.Client): Promise<{ columns: string[]; defaults: string[] }> {
  const { rows } = await client.query<Column>(`
    select made.attname as name, format_type(made.atttypid, made.atttypmod) as type, made.attnotnull as required,
      pg_get_expr(adbin, adrelid) as default, format_type(found.atttypid, found.atttypmod) as found
    from pg_attribute made
    left join pg_attrdef on (adrelid, adnum) = (made.attrelid, made.attnum)
    left join pg_attribute found
      on found.attrelid = 'tickets_found'::regclass and found.attname = made.attname and not found.attisdropped
    where made.attrelid = 'tickets'::regclass and made.attnum > 0 and not made.attisdropped and made.attname <> 'id'`);
  const columns = rows.flatMap((column) => {
    const { name, type, found, required } = column;
    if (found !== null) return found === type ? [] : [`alter column ${name} type ${type}`];
    if (column.default === null) return [`add column ${name} ${type}`];
    const now = column.default === 'now()' ? timeUnknown : column.default;
    return [`add column ${name} ${type} ${required ? 'not null' : ''} default ${now}`];
  });
  const defaults = rows.flatMap((column) =>
    column.default === null ? [] : [`alter column ${column.name} set default ${column.default}`],
  );
  return { columns, defaults };
}

/** New ids go on above the highest one. A sequence of another schema can't be the table's own. */
async function ownIdSequence(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ owned: string | null; used: string | null; last: number }>(`
    select pg_get_serial_sequence('tickets', 'id') as owned, used, coalesce(pg_sequence_last_value(used), 0) as last
    from (values (null)) one left join (
      select refobjid::regclass as used from pg_attrdef, pg_depend, pg_class
      where adrelid = 'tickets'::regclass and classid = 'pg_attrdef'::regclass and objid = pg_attrdef.oid
        and refobjid = pg_class.oid and relkind = 'S') of_default on true
    limit 1`);
  const [{ owned, used, last } = { owned: null, used: null, last: 0 }] = rows;
  if (!owned) {
    const isBeside = used !== null && (await isInSchemaOfTickets(client, used));
    await client.query(
      isBeside
        ? `alter sequence ${used} owned by tickets.id`
        : `alter table tickets alter column id drop default, alter column id set not null,
             alter column id add generated by default as identity`,
    );
  }
  await countUpwards(client);
  await client.query(
    `select setval(sequence, highest)
    from (select pg_get_serial_sequence('tickets', 'id') as sequence, greatest(max(id), $1) as highest from tickets) ids
    where highest > coalesce(pg_sequence_last_value(sequence::regclass), 0)`,
    [last],
  );
}

async function isInSchemaOfTickets(client: pg.Client, sequence: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_class one, pg_class other where one.oid = 'tickets'::regclass and other.oid = $1::regclass
       and one.relnamespace = other.relnamespace`,
    [sequence],
  );
  return rows.length === 1;
}

/** One that counts down, goes round or ends early would give numbers that no ticket may have, or none. */
async function countUpwards(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ sequence: string; step: number; next: number }>(`
    select seqrelid::regclass as sequence, abs(seqincrement) as step,
      greatest((select max(id) from tickets), pg_sequence_last_value(seqrelid), 0) + 1 as next
    from pg_sequence where seqrelid = pg_get_serial_sequence('tickets', 'id')::regclass
      and (seqincrement < 1 or seqmin < 1 or seqmax < ${maxInt32} or seqcycle)`);
  for (const { sequence, step, next } of rows) {
    await client.query(
      `alter sequence ${sequence} as bigint increment by ${step} minvalue 1 maxvalue ${maxInt32} no cycle start with ${next} restart with ${next}`,
    );
  }
}

/** Without keeping anybody from the table. What a kill has left of one can't be used, and is made again. */
async function buildIndexes(client: pg.Client, logger: Logger): Promise<void> {
  for (const statement of await statements(client, 'index')) {
    const [, index = ''] = /^CREATE (?:UNIQUE )?INDEX (\S+)/.exec(statement) ?? [];
    const { rows } = await client.query<{ valid: boolean }>(
      'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
      [index],
    );
    if (rows[0]?.valid) continue;
    if (rows[0]) await client.query(`drop index concurrently ${index}`);
    logger.info({ index }, 'building an index on the tickets');
    await client.query(statement.replace(' INDEX ', ' INDEX CONCURRENTLY '));
  }
}

/** Looking at each row keeps nobody from the table, as the reference has been added without. */
async function addReferences(client: pg.Client): Promise<void> {
  for (const statement of await statements(client, 'reference'))
    await transaction(client, async () => void (await client.query(statement)));
  for (const statement of await statements(client, 'valid reference')) await client.query(statement);
}

/** From here on changes are recorded. */
async function finish(client: pg.Client): Promise<void> {
  await client.query(
    'alter table tickets add constraint tickets_request_id_key unique using index tickets_request_id_key',
  );
  for (const statement of await statements(client, 'trigger')) await client.query(statement);
  // With nobody writing between the triggers that count and this.
  await client.query(
    "insert into status_counts (status, tickets) select coalesce(status, ''), count(*) from tickets group by 1",
  );
  const { rows } = await client.query<{ identity: string }>(
    `select attidentity as identity from pg_attribute where attrelid = 'tickets'::regclass and attname = 'id'`,
  );
  if (rows[0]?.identity === 'a') {
    await client.query('alter table tickets alter column id set generated by default');
  }
}
