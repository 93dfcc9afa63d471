/** The channels between the page and main, apart from contract.ts so that the preload carries no schema library. */
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';

/** What the page may ask of main. */
export const callNames = [
  'boot',
  'problem',
  'saveSettings',
  'saveName',
  'checkService',
  'checkQueue',
  'chooseFile',
  'saveExport',
  'dockerStatus',
  'startDocker',
  'stopDocker',
  'updateStatus',
  'lookForUpdates',
  'setUpdates',
  'backupStatus',
  'makeBackup',
  'restoreBackup',
  'showBackups',
  'moveStatus',
  'startMove',
  'pauseMove',
  'openExternal',
  'habits',
  'saveHabits',
  'networkChanged',
  'keepTheme',
  'keepList',
] as const satisfies readonly (keyof DesktopBridge)[];

export type CallName = (typeof callNames)[number];

export function channelOf(name: CallName): string {
  return `backend:${name}`;
}

/** Main to page: the id of a command chosen in the menu. */
export const commandChannel = 'backend:command';

/** Main to page: how the stack does, while it starts or stops. */
export const dockerStatusChannel = 'backend:docker-status-changed';

/** Main to page: the id of the ticket of a link that was followed. */
export const openTicketChannel = 'backend:open-ticket';

/** Main to page: the system's language, when it has changed. */
export const localeChannel = 'backend:locale-changed';

/** Main to page: how an update does. */
export const updateStatusChannel = 'backend:update-status-changed';

/** Main to page: something about the backups has changed. */
export const backupsChannel = 'backend:backups-changed';

/** Main to page: the move of the tickets has come further. */
export const moveChannel = 'backend:move-changed';
