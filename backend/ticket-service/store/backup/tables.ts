/** What of a database is in a backup: every table, those of later migrations too. */
import pg from 'pg';

export interface Table {
  name: string;
  quoted: string;
  columns: readonly string[];
}

/**
 * All but what is only true of this very database: the numbers of its transactions, and so the change feed, and which
 * migrations made it.
 */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select relname as name, array_agg(attname::text order by attnum) as columns
     from pg_class join pg_attribute on attrelid = pg_class.oid
     where relnamespace = quote_ident(current_schema())::regnamespace and relkind = 'r' and relname <> 'schema_migrations'
       and attnum > 0 and not attisdropped and attgenerated = ''
     group by relname having not bool_or(atttypid = 'xid8'::regtype) order by relname`,
  );
  return rows.map(({ name, columns }) => toTable(name, columns));
}

export function toTable(name: string, columns: readonly string[]): Table {
  return { name, quoted: pg.escapeIdentifier(name), columns };
}

export function copyOf({ quoted, columns }: Table, where: 'to stdout' | 'from stdin'): string {
  return `copy ${quoted} (${columns.map(pg.escapeIdentifier).join(', ')}) ${where}`;
}
