/** The menu: every command of proto/commands.json with its key, beside what each desktop app has. */
import type { MenuItemConstructorOptions } from 'electron';
import { commands } from '../proto/generated/commands.ts';

type Command = (typeof commands)[number];

export interface MenuOptions {
  platform: NodeJS.Platform;
  /** Adds what a developer needs. */
  isDevelopment: boolean;
  onCommand(commandId: string): void;
  /** Left out where there is no page of licences: it is made with a package. */
  onLicences?: (() => void) | undefined;
}

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const ofMenu = (menu: string): MenuItemConstructorOptions[] =>
    commands.filter((command) => command.menu === menu).map((command) => item(command, options));
  const separator: MenuItemConstructorOptions = { type: 'separator' };

  return [
    ...(options.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [...ofMenu('File'), separator, { role: 'quit' }] },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        ...ofMenu('Edit'),
      ],
    },
    {
      label: '&View',
      submenu: [
        ...ofMenu('View'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(options.isDevelopment
          ? [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]
          : []),
      ],
    },
    { label: '&Ticket', submenu: ofMenu('Ticket') },
    {
      label: '&Help',
      role: 'help',
      submenu: [
        ...ofMenu('Help'),
        ...(options.onLicences ? [separator, { label: '&Licences', click: options.onLicences }] : []),
      ],
    },
  ];
}

function item(command: Command, options: MenuOptions): MenuItemConstructorOptions {
  const click = () => options.onCommand(command.id);
  if (command.accelerator)
    return { id: command.id, label: command.label, accelerator: command.accelerator, click };
  if (!command.key) return { id: command.id, label: command.label, click };
  // The page listens for single keys itself, as they rest while a text field has the focus: here they are only
  // shown. A sequence such as "g o" is no accelerator, and macOS would catch a shown key; there it stands in the label.
  const canBeShown = !command.key.includes(' ') && options.platform !== 'darwin';
  return canBeShown
    ? { id: command.id, label: command.label, accelerator: command.key, registerAccelerator: false, click }
    : { id: command.id, label: `${command.label} (${command.key})`, click };
}
