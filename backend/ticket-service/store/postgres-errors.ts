/** What went wrong in the database, told apart by Postgres's codes. */
import pg from 'pg';
import { personFieldNames } from '../../../proto/ticket-fields.ts';
import { DeskError } from '../../errors.ts';
import { columnOf } from './columns.ts';

/** Classes of codes that pass by themselves: connection, resources, locks and states, operator, system. */
const passing = new Set(['08', '53', '55', '57', '58']);
const cancelled = '57014';
/** By code: what is wrong and who can mend it, for the person. It passes once it is mended. */
const passingWords: Record<string, string> = {
  // read_only_sql_transaction
  '25006':
    'The database can only be read now. Whoever runs it has to make it writable, or to lead the ticket service to the one that is; what waits is stored then.',
  // disk_full
  '53100': 'The disk of the database is full. Free some space there, then try again.',
  // too_many_connections
  '53300':
    'The database takes no more connections. Try again in a moment; if it stays so, whoever runs it has to allow more.',
};
const refused = new Set(['28P01', '28000', '3D000']);
const aborted = new Set(['40001', '40P01']);

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof pg.DatabaseError ? thrown.code : undefined;
}

/**
 * Of class 55 (object_not_in_prerequisite_state), but said of what a table is, which waiting does not mend; only a
 * database that takes no connections just now says it as it lets in. A severity is told in the server's language.
 */
function isWrongState(thrown: unknown): boolean {
  return codeOf(thrown) === '55000' && (thrown as pg.DatabaseError).routine !== 'CheckMyDatabase';
}

/** Whether Postgres undid the transaction for the sake of another, so that the same again may well succeed. */
export function isAborted(thrown: unknown): boolean {
  return aborted.has(codeOf(thrown) ?? '');
}

/** Where Postgres is there and does not let us in, which waiting does not mend; undefined for all else. */
export function refusal(thrown: unknown): DeskError | undefined {
  if (!refused.has(codeOf(thrown) ?? '')) return undefined;
  const words = 'Postgres refuses the connection. Check user, password and database in POSTGRES_URL.';
  return new DeskError('BAD_USER_INPUT', words, { field: 'POSTGRES_URL', cause: thrown });
}

/** For a command that does not wait: why it could not connect, and what to look at. */
export function notConnected(thrown: unknown): unknown {
  if (thrown instanceof DeskError) return thrown;
  if (thrown instanceof pg.DatabaseError) return refusal(thrown) ?? unusable(thrown);
  const words = `Postgres can't be reached: ${connectionWords(thrown)}. Check host and port in POSTGRES_URL, and that it runs.`;
  return new DeskError('UNAVAILABLE', words, { field: 'POSTGRES_URL', cause: thrown });
}

/** Of a name with several addresses Node says what each attempt met, and nothing of all. */
export function connectionWords(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(connectionWords).join(', ');
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Classes of codes that say a value can't be stored: data, constraints, limits. */
const unstorable = new Set(['22', '23', '54']);
const duplicate = '23505';
const sequenceExhausted = '2200H';

/** Whether what was to be written is at fault, so that the same again never succeeds. */
export function isUnstorable(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code !== undefined && unstorable.has(code.slice(0, 2)) && code !== sequenceExhausted;
}

/** Whether another row has the key that this one wanted. */
export function isDuplicate(thrown: unknown): boolean {
  return codeOf(thrown) === duplicate;
}

/** Of a ticket that names somebody or something that is not there, which field does; undefined for all else. */
export function missingReference(thrown: unknown): DeskError | undefined {
  if (codeOf(thrown) !== '23503') return undefined;
  const { constraint } = thrown as pg.DatabaseError;
  const field = personFieldNames.find((name) => constraint === `tickets_${columnOf(name)}_fkey`);
  if (!field) return undefined;
  const words = `${field} names nobody whom this service knows. Choose one of its agents, or nobody.`;
  return new DeskError('NOT_FOUND', words, { field, cause: thrown });
}

/** DeskError for what may pass; everything else is a fault of ours and stays as it is. */
export function toStoreError(thrown: unknown): unknown {
  if (thrown instanceof DeskError) return thrown;
  const missing = missingReference(thrown);
  if (missing) return missing;
  const code = codeOf(thrown);
  if (code === cancelled) {
    return new DeskError(
      'DEADLINE_EXCEEDED',
      'The database took too long, or its operator ended this. Try again; a search for more characters is faster.',
      { cause: thrown },
    );
  }
  const words = passingWords[code ?? ''];
  const mayPass =
    // What Postgres did not say itself came of the connection.
    code === undefined ||
    (passing.has(code.slice(0, 2)) && !isWrongState(thrown)) ||
    aborted.has(code) ||
    words !== undefined;
  if (!mayPass) return thrown;
  const otherwise = 'The database does not answer just now. Try again in a moment.';
  return new DeskError('UNAVAILABLE', words ?? otherwise, { cause: thrown });
}

/** What whoever runs the service can do about what Postgres refused of its tables' set-up; by code. */
const remedies: Record<string, string> = {
  // insufficient_privilege
  '42501':
    'Make the role in POSTGRES_URL the owner of the database and of all that is in it, or ask an administrator for "create extension pg_trgm".',
  // duplicate_table, which indexes and sequences are too
  '42P07': 'Rename what another program keeps under this name, or give Ticket Desk a database of its own.',
  // feature_not_supported
  '0A000': 'Ticket Desk needs Postgres 14 or later, with the extension pg_trgm.',
};

/** For a start that Postgres refused, in Postgres's words: they name its tables and rights, and go to the service's own log. */
export function unusable(thrown: unknown): unknown {
  if (!(thrown instanceof pg.DatabaseError)) return thrown;
  const remedy = remedies[thrown.code ?? ''] ?? 'docs/moving.md tells what a database may hold.';
  const message = `The database can't be used as it is. Postgres says: ${thrown.message}. ${remedy}`;
  return new DeskError('BAD_USER_INPUT', message, { field: 'POSTGRES_URL', cause: thrown });
}
