/** Says in plain words why the disk refused, and what to do. */
import { DeskError } from './errors.ts';

/** LevelDB hands over the system's message alone, without its code; the words are only for the person. */
const remedies: readonly [RegExp, string][] = [
  [/No space left|ENOSPC|disk quota|EDQUOT|not enough space/i, 'The disk is full. Free some space on it'],
  [/Read-only file system|EROFS/i, 'The disk can only be read. Make it writable'],
  [/Input\/output error|EIO/i, 'The disk reports an input/output error. Check the disk'],
  [/Permission denied|EACCES|EPERM/i, "This user may not write there. Set the folder's permissions right"],
  [/File too large|EFBIG/i, 'The file would grow over its limit. Raise the limit'],
  [/Too many open files|EMFILE|ENFILE/i, 'Too many files are open. Close other programs'],
];

function messages(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = 'code' in thrown ? String(thrown.code) : '';
  const cause = thrown.cause === undefined || depth > 3 ? '' : messages(thrown.cause, depth + 1);
  return `${code} ${thrown.message} ${cause}`;
}

/** The remedy, when this is a fault of the disk or its permissions and not of what is written there. */
export function diskRemedy(thrown: unknown): string | undefined {
  const text = messages(thrown);
  return remedies.find(([pattern]) => pattern.test(text))?.[1];
}

/** UNAVAILABLE: the same call works once the disk does. */
export function diskError(thrown: unknown, folder: string): DeskError {
  const remedy = diskRemedy(thrown) ?? 'Check the disk';
  return new DeskError('UNAVAILABLE', `Not saved: ${folder} can't be written. ${remedy}, then try again.`, {
    cause: thrown,
  });
}

/** The code of LevelDB's own error, which classic-level carries as the cause. */
export function levelCode(thrown: unknown): string | undefined {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}
