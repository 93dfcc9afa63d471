/**
 * What a page may not do, whatever it tries (electronjs.org/docs/latest/tutorial/security). Each point has
 * its check in e2e/security.test.ts.
 */
import { type App, BrowserWindow, dialog, type Session, shell, type WebContents } from 'electron';
import type { Logger } from '../backend/logger.ts';
import { appOrigin } from './app-protocol.ts';
import { externalLinkProblem, webLinkProblem } from './external-links.ts';

/** For the one window. What Electron has as a safe default is still named here, so that a test can hold it. */
export const safeWebPreferences = {
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // macOS checks by itself; elsewhere Chromium fetches its dictionaries from a server that is not ours.
  spellcheck: process.platform === 'darwin',
} as const;

/** Whether the address is a page or file of the desk itself. */
export function isOwnAddress(address: string): boolean {
  return address === appOrigin || address.startsWith(`${appOrigin}/`);
}

/**
 * Why the desk may not run, as words for the person; null when it may. Root alone may leave Chromium's sandbox out, as
 * Chromium refuses to start otherwise.
 */
export function sandboxProblem(app: App): string | null {
  if (!app.commandLine.hasSwitch('no-sandbox') || process.getuid?.() === 0) return null;
  return `Ticket Desk does not run with --no-sandbox: start it again without it.

An AppImage adds that by itself where the system allows no user namespaces. Install the .deb or the .rpm there, or ask who looks after this computer to allow them.`;
}

/** Puts the rules on every session and page from now on, also on those that nobody meant to make. */
export function setupSecurity(app: App, logger: Logger): void {
  // The page gets no Node even so.
  if (app.commandLine.hasSwitch('no-sandbox'))
    logger.warn("running as root: Chromium's own sandbox is off. Run Ticket Desk as an ordinary user.");
  else app.enableSandbox();
  app.on('session-created', refusePermissions);
  app.on('web-contents-created', (_event, contents) => keepInPlace(contents));
}

/** The page may put a text on the clipboard when the person presses Copy, and nothing else. */
function refusePermissions(session: Session): void {
  const mayHave = (permission: string) => permission === 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayHave(permission)));
  session.setPermissionCheckHandler((_contents, permission) => mayHave(permission));
  session.setDevicePermissionHandler(() => false);
}

function keepInPlace(contents: WebContents): void {
  // In the main frame the desk may go to itself (a reload); a frame inside the page goes nowhere at all.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openLink(contents, url);
    return { action: 'deny' };
  });
}

/** A site that the desk does not know is opened once the person has read its address and agreed. */
async function openLink(contents: WebContents, url: string): Promise<void> {
  if (webLinkProblem(url) !== null) return;
  if (externalLinkProblem(url) !== null) {
    const window = BrowserWindow.fromWebContents(contents);
    if (!window) return;
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: `Open ${new URL(url).host} in your browser?`,
      detail: url.slice(0, 500),
      buttons: ['Open', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    if (response !== 0) return;
  }
  await shell.openExternal(url);
}

/** Lets the session load the desk's own files and nothing else, whatever a page asks for. */
export function loadOwnFilesOnly(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isOwnAddress(details.url) && !details.url.startsWith('devtools://') });
  });
}
