/**
 * Loaded by Electron before the app (`-r`): holds the app until Playwright has attached to it, which then calls this
 * function by its name. Without it a window that navigates while Playwright attaches may lose the commands that it was
 * sent, and is waited for in vain (one start in a hundred). Playwright loads a file like it where it chooses Electron itself.
 */
const { app } = require('electron');

const whenReady = app.whenReady();
const attached = new Promise((resolve) => {
  globalThis.__playwright_run = resolve;
});
const whenHeldReady = attached.then(() => whenReady);
app.whenReady = () => whenHeldReady;
