/** Why a comment or change goes back to its author, in words for them. */
import { DeskError } from '../../errors.ts';
import type { WriteRecord } from './write-record.ts';

export function gone(): DeskError {
  const words =
    'This ticket is not there any more: it was deleted or discarded. What you wrote is kept here.';
  return new DeskError('NOT_FOUND', words, { field: 'ticketId' });
}

export function clash(current: unknown, expectedVersion: number | null): DeskError {
  return new DeskError(
    'CONFLICT',
    'Somebody changed this ticket meanwhile. Nothing was overwritten: choose which values hold, then save again.',
    { details: { current, expectedVersion } },
  );
}

/** By what is on the disk, which has no code. */
export function failureOf(record: WriteRecord): DeskError {
  if (record.kind === 'CHANGE' && record.current) return clash(record.current, record.expectedVersion);
  const { lastError, lastErrorField } = record;
  if (lastErrorField === gone().field) return gone();
  return new DeskError('BAD_USER_INPUT', lastError ?? 'It can’t be stored as it is.', {
    ...(lastErrorField !== null && { field: lastErrorField }),
  });
}
