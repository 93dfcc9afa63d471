/** What a desk has its own ticket service do with backups, told between the two processes as plain JSON. */
import type { BackupSummary } from '../proto/desktop-bridge.ts';
import { DeskError, type DeskErrorOptions, type ErrorCode } from './errors.ts';

export interface BackupTask {
  kind: 'make' | 'restore';
  /** Absolute path. */
  file: string;
}

/**
 * Does it; the caller sees to it that there is one at a time. Whoever restored must begin anew with the ticket service.
 * @param onPercent told of each whole percent
 * @throws DeskError BAD_USER_INPUT, CONFLICT, UNAVAILABLE: nothing was changed, and a file that was there is whole; but a
 * restore that isUncertain() may have been made
 */
export type RunBackupTask = (
  task: BackupTask,
  onPercent: (percent: number) => void,
) => Promise<BackupSummary>;

/** What the ticket service says while it is at it, and once at the end. */
export type BackupNews =
  | { percent: number }
  | { summary: BackupSummary }
  | { error: { code: ErrorCode; message: string; details?: DeskErrorOptions['details'] | undefined } };

/** Of a restore whose end was not told. @param why begins the sentence */
export function uncertainRestore(why: string, cause?: unknown): DeskError {
  const words = `${why}: either all its tickets are here, or none, and then restore it once more.`;
  return new DeskError('UNAVAILABLE', words, { details: { isUncertain: true }, cause });
}
