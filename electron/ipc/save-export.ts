/** Saves a file of the proxy's where the person chooses. The page names the export, and never the path. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { DeskError } from '../../backend/errors.ts';
import { writeWholeFile } from '../../backend/whole-file.ts';
import type { Backend } from '../backend.ts';

/**
 * @param address as Export.address has it
 * @returns where it was saved; null when the person chose no place
 * @throws DeskError NOT_FOUND: there is no such export (any more). UNAVAILABLE: the disk refuses; a file that was there
 * before is as it was.
 */
export async function saveExport(
  address: string,
  { window, backend }: { window: BrowserWindow; backend: Pick<Backend, 'handle'> },
): Promise<string | null> {
  const { pathname } = new URL(address, 'http://desk');
  const answer = pathname.startsWith('/exports/')
    ? await backend.handle(new Request(`http://desk${pathname}`))
    : undefined;
  if (!answer?.ok || !answer.body) {
    throw new DeskError('NOT_FOUND', 'There is no such export, or no more. Export again.');
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'tickets';
  const { filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('downloads'), name),
  });
  if (!filePath) {
    await answer.body.cancel();
    return null;
  }
  try {
    await writeWholeFile(filePath, answer.body, { beside: `${filePath}.${randomUUID()}.part` });
  } catch (thrown) {
    const isFull = (thrown as NodeJS.ErrnoException).code === 'ENOSPC';
    const why = isFull ? 'The disk is full. Free some space on it' : (thrown as Error).message;
    throw new DeskError('UNAVAILABLE', `${filePath} could not be written, and is as it was: ${why}.`, {
      cause: thrown,
    });
  }
  return filePath;
}
