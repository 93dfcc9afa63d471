/** The names of the channels, apart from contract.ts so that the preload carries no schema library. */
export const channels = {
  boot: 'backend:boot',
  problem: 'backend:problem',
  saveSettings: 'backend:save-settings',
  saveName: 'backend:save-name',
  checkService: 'backend:check-service',
  checkQueue: 'backend:check-queue',
  chooseFile: 'backend:choose-file',
  saveExport: 'backend:save-export',
  dockerStatus: 'backend:docker-status',
  startDocker: 'backend:start-docker',
  stopDocker: 'backend:stop-docker',
  updateStatus: 'backend:update-status',
  lookForUpdates: 'backend:look-for-updates',
  setUpdates: 'backend:set-updates',
  backupStatus: 'backend:backup-status',
  makeBackup: 'backend:make-backup',
  restoreBackup: 'backend:restore-backup',
  showBackups: 'backend:show-backups',
  moveStatus: 'backend:move-status',
  startMove: 'backend:start-move',
  pauseMove: 'backend:pause-move',
  openExternal: 'backend:open-external',
  habits: 'backend:habits',
  saveHabits: 'backend:save-habits',
  networkChanged: 'backend:network-changed',
  keepTheme: 'backend:keep-theme',
  keepList: 'backend:keep-list',
} as const;

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
