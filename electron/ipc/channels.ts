/** The names of the channels, apart from contract.ts so that the preload carries no schema library. */
export const channels = {
  boot: 'desk:boot',
  saveSettings: 'desk:save-settings',
  openExternal: 'desk:open-external',
} as const;

/** Main to page: the id of a command chosen in the menu. */
export const commandChannel = 'desk:command';
