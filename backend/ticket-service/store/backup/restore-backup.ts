/** Puts a backup into a desk that is empty. */
import type { Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { uncertainRestore } from '../../../backup-task.ts';
import { diskError, diskRemedy } from '../../../disk-errors.ts';
import { DeskError } from '../../../errors.ts';
import type { Logger } from '../../../logger.ts';
import { connectForUpkeep } from '../database.ts';
import { applyMissing, newest, takeTurn } from '../migrate.ts';
import { toStoreError } from '../postgres-errors.ts';
import { type BackupHeader, damaged, isNewer, type TellRows } from './backup-format.ts';
import { checkBackup, type OpenBackup } from './read-backup.ts';
import { copyOf, tablesOf, toTable } from './tables.ts';

/**
 * Reads the backup through, then puts it in the place of what the database holds, in one transaction. The services on the
 * database must begin anew afterwards: all that they know of it is of before.
 * @returns what it says of itself
 * @throws DeskError BAD_USER_INPUT: no backup, damaged, or of a newer Ticket Desk; nothing was changed
 * @throws DeskError CONFLICT: the desk is not empty; nothing was changed
 * @throws DeskError UNAVAILABLE: the disk of the database refuses, or the database was lost; nothing was changed, but where
 * it isUncertain()
 */
export async function restoreBackup(options: {
  postgresUrl: string;
  file: string;
  logger: Logger;
  onRows?: TellRows;
  signal?: AbortSignal;
}): Promise<BackupHeader> {
  const { file, logger, signal, onRows } = options;
  const backup = await checkBackup(file, onRows);
  const { header } = backup;
  if (header.migration > newest) throw isNewer(file, header.madeBy);
  let isCommitting = false;
  const failed = (thrown: unknown): never => {
    throw inWords(thrown, { file, isCommitting });
  };
  const client = await connectForUpkeep(options.postgresUrl, signal).catch(failed);
  try {
    await takeTurn(client);
    await client.query('begin');
    await refuseUnlessEmpty(client);
    await emptySchema(client);
    await applyMissing(client, logger, header.migration);
    await fill(client, backup, onRows);
    await applyMissing(client, logger);
    isCommitting = true;
    await client.query('commit');
    return header;
  } catch (thrown) {
    return failed(thrown);
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
    'This desk has tickets, and a backup is restored only into an empty one: into a new installation, one that was started with another DATA_DIR, or this one once all its tickets are deleted. Nothing was changed.',
  );
}

async function emptySchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_schema() as name');
  const schema = pg.escapeIdentifier(rows[0]?.name ?? 'public');
  await client.query(`drop schema ${schema} cascade`);
  await client.query(`create schema ${schema}`);
}

/** Nothing of it is a change of a ticket: no trigger runs, and what triggers keep is in the backup, too. */
async function fill(client: pg.Client, backup: OpenBackup, onRows: TellRows | undefined): Promise<void> {
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
      continue;
    }
    if (copying && !copying.into.write(part.bytes)) await Promise.race([drained(copying.into), copying.done]);
    onRows?.(part.count, backup.header);
  }
  await finish();
  // Of one that is not there any more nothing is set.
  for (const [name, last] of Object.entries(backup.trailer.sequences))
    await client.query('select setval(to_regclass($1), $2)', [pg.escapeIdentifier(name), last]);
  await client.query('set local session_replication_role = origin');
}

function startCopy(client: pg.Client, statement: string) {
  const into = client.query(copyFrom(statement));
  const done = new Promise<void>((resolve, reject) => into.once('finish', resolve).once('error', reject));
  done.catch(() => undefined);
  return { into, done };
}

const drained = (into: Writable) => new Promise<void>((resolve) => void into.once('drain', resolve));

/** SQLSTATE's classes of values, constraints and names. */
const unfit = /^(22|23|42)/;

/** What Postgres says of a row may hold the text of that row, and so anything. */
function inWords(thrown: unknown, { file, isCommitting }: { file: string; isCommitting: boolean }): unknown {
  if (thrown instanceof DeskError) return thrown;
  if (thrown instanceof pg.DatabaseError && unfit.test(thrown.code ?? ''))
    return damaged(file, 'its rows do not fit into the tables', thrown);
  if (diskRemedy(thrown)) return diskError(thrown, 'the database');
  const error = toStoreError(thrown);
  if (!(error instanceof DeskError)) return thrown;
  if (isCommitting) return uncertainRestore('The database was lost at the end of the restore', thrown);
  const words = `The restore was broken off, and nothing was changed. ${error.message}`;
  return new DeskError('UNAVAILABLE', words, { cause: thrown });
}
