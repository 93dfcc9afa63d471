/** What main does for the page, beside its settings and Docker. */
import { type BrowserWindow, dialog, shell } from 'electron';
import { DeskError } from '../../backend/errors.ts';
import type { CurrentSettings } from '../../proto/desktop-bridge.ts';
import type { Backend } from '../backend.ts';
import { externalLinkProblem } from '../external-links.ts';
import type { LastList } from '../last-list.ts';
import type { Handlers } from './contract.ts';
import { saveExport } from './save-export.ts';

export interface DeskHandlerOptions {
  graphqlToken: string;
  appVersion: string;
  locale: () => string;
  currentSettings: () => CurrentSettings;
  backend: Pick<Backend, 'problem' | 'handle'>;
  /** What the person should know since the start. */
  notices: readonly string[];
  window: () => BrowserWindow | undefined;
  lastList: Pick<LastList, 'keep'>;
  /** Whose pages may be opened too. */
  updatesHost: string | undefined;
}

export function appHandlers(
  options: DeskHandlerOptions,
): Pick<Handlers, 'boot' | 'problem' | 'chooseFile' | 'saveExport' | 'openExternal' | 'keepList'> {
  return {
    async boot() {
      return {
        graphqlToken: options.graphqlToken,
        appVersion: options.appVersion,
        locale: options.locale(),
        settings: options.currentSettings(),
        notices: [...options.notices],
      };
    },

    problem: options.backend.problem,

    async chooseFile() {
      const window = options.window();
      if (!window) return null;
      const { filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openFile'],
        filters: [
          { name: 'Certificates and keys (PEM)', extensions: ['pem', 'crt', 'cer', 'key'] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      return filePaths[0] ?? null;
    },

    async saveExport(address) {
      const window = options.window();
      return window ? saveExport(address, { window, backend: options.backend }) : null;
    },

    async openExternal(url) {
      const problem = externalLinkProblem(url, options.updatesHost);
      if (problem) throw new DeskError('BAD_USER_INPUT', problem, { field: 'url' });
      await shell.openExternal(url);
    },

    keepList: options.lastList.keep,
  };
}
