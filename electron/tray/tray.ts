/**
 * The tray, and closing into it. There is one while the setting is on. Where nobody shows trays, closing quits all the
 * same: a desk without a window and without a tray could be found by nobody who does not know that starting it again
 * brings it back.
 */
import { join } from 'node:path';
import { type BrowserWindow, Menu, nativeImage, Tray } from 'electron';
import type { Unsent } from '../unsent-words.ts';
import { ifOpen } from '../window.ts';
import { type TrayActions, trayTemplate, trayTooltip } from './tray-menu.ts';

export interface DeskTray {
  /** Shows what is in force now: there or gone, and what waits. */
  refresh(): void;
}

export interface TrayOptions {
  /** The folder with the icon that build/bundle.ts makes. */
  iconFolder: string;
  platform: NodeJS.Platform;
  isWanted(): boolean;
  unsent(): Unsent;
  actions: TrayActions;
}

export function setupTray(options: TrayOptions): DeskTray {
  const { platform, actions } = options;
  // Linux' panels are 22 to 24 px high; the twin for fine displays lies beside it as @2x.
  const icon = join(options.iconFolder, platform === 'linux' ? 'tray-24.png' : 'tray-16.png');
  let tray: Tray | undefined;

  function show(): Tray {
    const shown = new Tray(nativeImage.createFromPath(icon));
    shown.on('click', () => platform !== 'darwin' && actions.open());
    return shown;
  }

  const refresh = () => {
    if (!options.isWanted()) {
      tray?.destroy();
      tray = undefined;
      return;
    }
    tray ??= show();
    tray.setToolTip(trayTooltip(options.unsent()));
    tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(options.unsent(), actions)));
  };
  refresh();
  return { refresh };
}

/** Hides instead of closing, where that is wanted and a tray can bring the window back. */
export function setupCloseToTray(
  window: BrowserWindow,
  options: { isWanted(): boolean; isQuitting(): boolean; canBeShown(): Promise<boolean>; quit(): void },
): void {
  window.on('close', (event) => {
    if (options.isQuitting() || !options.isWanted()) return;
    event.preventDefault();
    void options.canBeShown().then((can) => {
      if (can) ifOpen(window)?.hide();
      else options.quit();
    });
  });
}
