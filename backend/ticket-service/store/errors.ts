/** What went wrong in the database, told apart by Postgres's codes. */
import pg from 'pg';
import { DeskError } from '../../errors.ts';

/** Classes of codes that pass by themselves: connection, resources, locks and states, operator, system. */
const passing = new Set(['08', '53', '55', '57', '58']);
const cancelled = '57014';
const readOnlyTransaction = '25006';
const refused = new Set(['28P01', '28000', '3D000']);
const aborted = new Set(['40001', '40P01']);

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof pg.DatabaseError ? thrown.code : undefined;
}

/** Whether Postgres undid the transaction for the sake of another, so that the same again may well succeed. */
export function isAborted(thrown: unknown): boolean {
  return aborted.has(codeOf(thrown) ?? '');
}

/** Whether Postgres is there and does not let us in, which waiting does not mend. */
export function isRefused(thrown: unknown): boolean {
  return refused.has(codeOf(thrown) ?? '');
}

/** Classes of codes that say a value can't be stored: data, constraints, limits. */
const unstorable = new Set(['22', '23', '54']);
const sequenceExhausted = '2200H';

/** Whether what was to be written is at fault, so that the same again never succeeds. */
export function isUnstorable(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code !== undefined && unstorable.has(code.slice(0, 2)) && code !== sequenceExhausted;
}

/** DeskError for what may pass; everything else is a fault of ours and stays as it is. */
export function toStoreError(thrown: unknown): unknown {
  if (thrown instanceof DeskError) return thrown;
  const code = codeOf(thrown);
  if (code === cancelled) {
    return new DeskError(
      'DEADLINE_EXCEEDED',
      'The database took too long. Try again; a search for more characters is faster.',
      { cause: thrown },
    );
  }
  const mayPass =
    // What Postgres did not say itself came of the connection.
    code === undefined || passing.has(code.slice(0, 2)) || aborted.has(code) || code === readOnlyTransaction;
  if (!mayPass) return thrown;
  return new DeskError('UNAVAILABLE', 'The database does not answer just now. Try again in a moment.', {
    cause: thrown,
  });
}
