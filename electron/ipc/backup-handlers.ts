/** What main does for the page with backups. Which file is restored the person chooses in a dialog of the system. */
import { mkdir } from 'node:fs/promises';
import { type BrowserWindow, dialog, shell } from 'electron';
import type { Backups } from '../../backend/compose.ts';
import { DeskError } from '../../backend/errors.ts';
import { type Backend, noBackups } from '../backend.ts';
import type { Handlers } from './contract.ts';

export function backupHandlers(options: {
  backend: Pick<Backend, 'backups' | 'restoreBackup'>;
  window(): BrowserWindow | undefined;
}): Pick<Handlers, 'backupStatus' | 'makeBackup' | 'restoreBackup' | 'showBackups'> {
  const { backend } = options;

  async function required(): Promise<Backups> {
    const backups = await backend.backups();
    if (!backups) throw new DeskError('UNAVAILABLE', noBackups);
    return backups;
  }

  return {
    backupStatus: async () => (await (await backend.backups())?.status()) ?? null,
    makeBackup: async () => (await required()).make(),
    async restoreBackup() {
      const { folder, last } = await (await required()).status();
      const window = options.window();
      if (!window) return null;
      const { filePaths } = await dialog.showOpenDialog(window, {
        title: 'Restore a backup',
        defaultPath: last?.file ?? folder,
        properties: ['openFile'],
        filters: [
          { name: 'Backups of Ticket Desk', extensions: ['deskbackup'] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      const [file] = filePaths;
      return file === undefined ? null : backend.restoreBackup(file);
    },
    async showBackups() {
      const { folder, last } = await (await required()).status();
      if (last) shell.showItemInFolder(last.file);
      else {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await shell.openPath(folder);
      }
    },
  };
}
