/** What main does for the page. */
import { shell } from 'electron';
import { DeskError } from '../../backend/errors.ts';
import type { Desk } from '../desk.ts';
import { externalLinkProblem } from '../external-links.ts';
import { checkServiceAddress } from '../service-address.ts';
import type { SettingsStore } from '../settings.ts';
import type { Handlers } from './contract.ts';

export interface DeskHandlerOptions {
  graphqlToken: string;
  appVersion: string;
  settings: SettingsStore;
  desk: Pick<Desk, 'problem' | 'reopen'>;
  /** What the person should know since the start. */
  notices: readonly string[];
}

export function deskHandlers(options: DeskHandlerOptions): Handlers {
  const { settings, desk } = options;
  return {
    async boot() {
      return {
        graphqlToken: options.graphqlToken,
        appVersion: options.appVersion,
        platform: process.platform,
        settings: { ticketServiceAddress: settings.current.ticketServiceAddress },
        notices: [...options.notices],
        problem: await desk.problem(),
      };
    },

    async saveSettings(wanted) {
      const { address, problem } = checkServiceAddress(wanted.ticketServiceAddress);
      if (problem) throw new DeskError('BAD_USER_INPUT', problem, { field: 'ticketServiceAddress' });
      if (address !== settings.current.ticketServiceAddress) {
        await settings.update({ ticketServiceAddress: address });
        await desk.reopen();
        const failure = await desk.problem();
        if (failure) throw new DeskError('UNAVAILABLE', failure);
      }
      return { ticketServiceAddress: address };
    },

    async openExternal(url) {
      const problem = externalLinkProblem(url);
      if (problem) throw new DeskError('BAD_USER_INPUT', problem, { field: 'url' });
      await shell.openExternal(url);
      return null;
    },
  };
}
