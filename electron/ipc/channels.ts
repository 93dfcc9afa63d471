/** The names of the channels, apart from contract.ts so that the preload carries no schema library. */
export const channels = {
  boot: 'desk:boot',
  saveSettings: 'desk:save-settings',
  checkService: 'desk:check-service',
  checkQueue: 'desk:check-queue',
  chooseFile: 'desk:choose-file',
  dockerStatus: 'desk:docker-status',
  startDocker: 'desk:start-docker',
  stopDocker: 'desk:stop-docker',
  updateStatus: 'desk:update-status',
  lookForUpdates: 'desk:look-for-updates',
  setUpdates: 'desk:set-updates',
  openExternal: 'desk:open-external',
  habits: 'desk:habits',
  saveHabits: 'desk:save-habits',
  networkChanged: 'desk:network-changed',
} as const;

/** Main to page: the id of a command chosen in the menu. */
export const commandChannel = 'desk:command';

/** Main to page: how the stack does, while it starts or stops. */
export const dockerStatusChannel = 'desk:docker-status-changed';

/** Main to page: the id of the ticket of a link that was followed. */
export const openTicketChannel = 'desk:open-ticket';

/** Main to page: the system's language, when it has changed. */
export const localeChannel = 'desk:locale-changed';

/** Main to page: how an update does. */
export const updateStatusChannel = 'desk:update-status-changed';
