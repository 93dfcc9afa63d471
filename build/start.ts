/** `npm start`: the desktop app, all set-up included. Arguments after `--` go to Electron. */
import { runInForeground } from './child.ts';
import { prepareWindow } from './desk-window.ts';

const window = await prepareWindow();
process.exitCode = await runInForeground(window);
await window.close();
