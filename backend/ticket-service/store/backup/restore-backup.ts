/** Puts a backup into a desk that is empty. */
import type { Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DeskError } from '../../../errors.ts';
import type { Logger } from '../../../logger.ts';
import { connectForUpkeep } from '../database.ts';
import { applyMissing, newest, takeTurn } from '../migrate.ts';
import { type BackupHeader, damaged, isNewer } from './backup-format.ts';
import { checkBackup, type OpenBackup } from './read-backup.ts';
import { copyOf, tablesOf, toTable } from './tables.ts';

/**
 * Reads the backup through, then puts it in the place of what the database holds, in one transaction. The services on the
 * database must begin anew afterwards: all that they know of it is of before.
 * @returns what it says of itself
 * @throws DeskError BAD_USER_INPUT: no backup, damaged, or of a newer Ticket Desk; nothing was changed
 * @throws DeskError CONFLICT: the desk is not empty; nothing was changed
 */
export async function restoreBackup(options: {
  postgresUrl: string;
  file: string;
  logger: Logger;
  signal?: AbortSignal;
}): Promise<BackupHeader> {
  const { file, logger, signal } = options;
  const backup = await checkBackup(file);
  const { header } = backup;
  if (header.migration > newest) throw isNewer(file, header.madeBy);
  const client = await connectForUpkeep(options.postgresUrl, signal);
  try {
    await takeTurn(client);
    await client.query('begin');
    await refuseUnlessEmpty(client);
    await emptySchema(client);
    await applyMissing(client, logger, header.migration);
    await fill(client, file, backup);
    await applyMissing(client, logger);
    await client.query('commit');
    return header;
  } finally {
    // What was not committed is undone.
    await client.end();
  }
}

/** Nobody files a ticket from here on until the end. */
async function refuseUnlessEmpty(client: pg.Client): Promise<void> {
  await client.query('lock table tickets in access exclusive mode');
  const { rows } = await client.query<{ found: boolean }>('select exists (select from tickets) as found');
  if (!rows[0]?.found) return;
  throw new DeskError(
    'CONFLICT',
    'There are tickets in this desk, and a backup is restored into an empty one alone. Nothing was changed.',
  );
}

async function emptySchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_schema() as name');
  const schema = pg.escapeIdentifier(rows[0]?.name ?? 'public');
  await client.query(`drop schema ${schema} cascade`);
  await client.query(`create schema ${schema}`);
}

/** Nothing of it is a change of a ticket: no trigger runs, and what triggers keep is in the backup, too. */
async function fill(client: pg.Client, file: string, backup: OpenBackup): Promise<void> {
  await client.query('set local session_replication_role = replica');
  const known = new Map((await tablesOf(client)).map((table) => [table.name, table]));
  // What a migration itself puts into its tables is in the backup as it was then.
  await client.query(`truncate ${[...known.values()].map(({ quoted }) => quoted).join(', ')}`);
  let copying: { into: Writable; done: Promise<void> } | undefined;
  const finish = async () => {
    copying?.into.end();
    await copying?.done;
  };
  for await (const part of backup.parts()) {
    if (part.kind === 'table') {
      await finish();
      // What another program keeps in the same database, such as the mark of a seed, has no place here.
      copying = known.has(part.table)
        ? startCopy(client, copyOf(toTable(part.table, part.columns), 'from stdin'))
        : undefined;
    } else if (copying && !copying.into.write(part.bytes))
      await Promise.race([drained(copying.into), copying.done]);
  }
  await finish();
  await compareCounts(client, file, backup.header, known);
  for (const [name, last] of Object.entries(backup.trailer.sequences)) {
    if (last !== null)
      await client.query('select setval($1::regclass, $2)', [pg.escapeIdentifier(name), last]);
  }
  await client.query('set local session_replication_role = origin');
}

function startCopy(client: pg.Client, statement: string) {
  const into = client.query(copyFrom(statement));
  const done = new Promise<void>((resolve, reject) => into.once('finish', resolve).once('error', reject));
  done.catch(() => undefined);
  return { into, done };
}

const drained = (into: Writable) => new Promise<void>((resolve) => void into.once('drain', resolve));

async function compareCounts(
  client: pg.Client,
  file: string,
  { rows }: BackupHeader,
  known: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const [name, expected] of Object.entries(rows)) {
    if (!known.has(name)) continue;
    const counted = await client.query<{ count: number }>(
      `select count(*)::integer as count from ${pg.escapeIdentifier(name)}`,
    );
    if (counted.rows[0]?.count !== expected) throw damaged(file, `rows of ${name} are missing`);
  }
}
