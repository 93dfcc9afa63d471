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
  openExternal: 'desk:open-external',
} as const;

/** Main to page: the id of a command chosen in the menu. */
export const commandChannel = 'desk:command';

/** Main to page: how the stack does, while it starts or stops. */
export const dockerStatusChannel = 'desk:docker-status-changed';
