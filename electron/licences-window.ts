/** The terms of everything that is shipped: a page that packaging makes, in a window of its own that runs no script. */
import { BrowserWindow } from 'electron';
import { licencesAddress } from './app-protocol.ts';
import { safeWebPreferences } from './security.ts';

let shown: BrowserWindow | undefined;

/** Opens the window, or brings it to the front. It closes with the desk's own. */
export function showLicences(parent: BrowserWindow): void {
  if (shown) {
    shown.focus();
    return;
  }
  shown = new BrowserWindow({
    parent,
    width: 820,
    height: 900,
    title: 'Licences',
    webPreferences: { ...safeWebPreferences, javascript: false, session: parent.webContents.session },
  });
  shown.removeMenu();
  shown.once('closed', () => {
    shown = undefined;
  });
  void shown.loadURL(licencesAddress);
}
