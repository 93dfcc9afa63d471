/** The tray's menu and what it says when it is pointed at. */
import type { MenuItemConstructorOptions } from 'electron';
import { type Unsent, unsentWords } from '../unsent-words.ts';

export interface TrayActions {
  open(): void;
  /** Opens and does a command of proto/commands.json. */
  run(commandId: string): void;
  quit(): void;
}

export function trayTemplate(unsent: Unsent, actions: TrayActions): MenuItemConstructorOptions[] {
  const waits = unsentWords(unsent);
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    { label: 'Open Ticket Desk', click: () => actions.open() },
    { label: 'New ticket', click: () => actions.run('new-ticket') },
    separator,
    waits
      ? { label: `${waits} …`, click: () => actions.run('view-outbox') }
      : { label: 'Nothing waits to be sent', enabled: false },
    separator,
    { label: 'Quit', click: () => actions.quit() },
  ];
}

export function trayTooltip(unsent: Unsent): string {
  const waits = unsentWords(unsent);
  return waits ? `Ticket Desk: ${waits}` : 'Ticket Desk';
}
