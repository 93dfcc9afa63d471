/** Starting at login: by the system's own list on Windows and macOS, by a file in the autostart folder on Linux. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { DeskError } from '../backend/errors.ts';

/**
 * The app's name for Windows, as in electron-builder.yml: the installer gives it to the shortcut, and Windows shows
 * notifications only of a program that goes by the name of one.
 */
export const appId = 'org.ticketdesk.TicketDesk';

/** Given at a start at login: into the tray, where the desk may go there. */
export const hiddenSwitch = '--hidden';

export interface LoginItem {
  isOn(): Promise<boolean>;
  /** @throws DeskError UNAVAILABLE: the system does not let it be changed. */
  set(isOn: boolean): Promise<void>;
  /**
   * Takes an entry along whose program is gone: a newer folder or AppImage may have another name.
   * @throws Error: the system does not let it be changed.
   */
  follow(): Promise<void>;
}

/** The program with what it needs to be started again. */
export interface StartCommand {
  program: string;
  given: readonly string[];
}

export function loginItem(options: {
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  platform: NodeJS.Platform;
  /** The folder for settings of programs; on Linux `$XDG_CONFIG_HOME`. */
  configFolder: string;
  command: StartCommand;
}): LoginItem {
  const { app, platform, configFolder, command } = options;
  if (platform === 'linux')
    return autostartFile(join(configFolder, 'autostart', 'ticket-desk.desktop'), command);
  // Windows finds an entry by its whole command line.
  const entry = { path: command.program, args: [...command.given, hiddenSwitch] };
  const ofSystem = platform === 'win32' ? entry : {};
  return {
    isOn: async () => app.getLoginItemSettings(ofSystem).openAtLogin,
    async set(isOn) {
      app.setLoginItemSettings({ openAtLogin: isOn, ...ofSystem });
    },
    // An installer puts the newer version where the older one was.
    follow: async () => {},
  };
}

/** Source: freedesktop.org, Desktop Application Autostart Specification 0.5. */
function autostartFile(file: string, command: StartCommand): LoginItem {
  const wanted = autostartEntry(command);
  const read = () => readFile(file, 'utf8').catch(() => '');
  return {
    // One of another text is of another place, or was switched off by the desktop's own settings.
    isOn: async () => (await read()) === wanted,
    async follow() {
      const text = await read();
      const program = /^TryExec=(.*)$/m.exec(text)?.[1]?.replaceAll('\\\\', '\\');
      const isOurs = program !== undefined && text === autostartEntry({ ...command, program });
      if (isOurs && !existsSync(program)) await writeFile(file, wanted);
    },
    async set(isOn) {
      try {
        if (!isOn) return await rm(file, { force: true });
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, wanted);
      } catch (thrown) {
        throw new DeskError(
          'UNAVAILABLE',
          `The start at login stays as it was: ${(thrown as Error).message}. Make ${file} writable and try again.`,
          { cause: thrown },
        );
      }
    },
  };
}

/** The text of the file in the autostart folder. */
export function autostartEntry({ program, given }: StartCommand): string {
  const exec = [program, ...given, hiddenSwitch].map(quoted).join(' ');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Ticket Desk',
    'Comment=Helpdesk',
    // Where that is gone, with the whole program, desktops leave the entry alone.
    `TryExec=${program.replaceAll('\\', '\\\\')}`,
    `Exec=${exec}`,
    'Icon=ticket-desk',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/**
 * One argument of an Exec line. Source: Desktop Entry Specification 1.5, "The Exec key": the quotes' own escapes, then
 * those of a string, and % stands for itself when doubled.
 */
function quoted(argument: string): string {
  const inQuotes = argument.replace(/["`$\\]/g, '\\$&');
  return `"${inQuotes.replaceAll('\\', '\\\\').replaceAll('%', '%%')}"`;
}
