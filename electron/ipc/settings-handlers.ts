/** What main does for the settings: answers what is in force, asks at addresses, saves. */
import { DeskError } from '../../backend/errors.ts';
import type { AddressCheck, CurrentSettings, TeamSettings } from '../../proto/desktop-bridge.ts';
import { addressProblem } from '../../proto/service-address.ts';
import { teamProblems } from '../../proto/team-settings.ts';
import type { Backend } from '../backend.ts';
import {
  inForce,
  lockedFields,
  queueLink,
  type Rules,
  serviceTls,
  updatesInForce,
  withoutLocked,
} from '../effective-settings.ts';
import type { OwnAgentStore } from '../own-agent.ts';
import type { ServiceChooser } from '../service-choice.ts';
import type { SettingsStore } from '../settings.ts';
import type { TokenStore } from '../token-store.ts';
import type { Handlers, WantedSettings } from './contract.ts';

export interface SettingsHandlerOptions {
  appVersion: string;
  config: Rules;
  settings: SettingsStore;
  tokens: TokenStore;
  agent: OwnAgentStore;
  chooser: Pick<ServiceChooser, 'fingerprint'>;
  backend: Pick<Backend, 'problem' | 'reopen' | 'forgetKept'>;
}

export interface SettingsHandlers
  extends Pick<Handlers, 'saveSettings' | 'saveName' | 'checkService' | 'checkQueue'> {
  current(): CurrentSettings;
}

export function settingsHandlers(options: SettingsHandlerOptions): SettingsHandlers {
  const { config, settings, tokens, agent, chooser, backend } = options;
  const locked = lockedFields(config);
  const newest = { service: new AbortController(), queue: new AbortController() };

  /** Ends the question before, whose answer nobody waits for any more. */
  function signalFor(kind: keyof typeof newest): AbortSignal {
    newest[kind].abort();
    newest[kind] = new AbortController();
    return newest[kind].signal;
  }

  function current(): CurrentSettings {
    const { profile, team } = inForce(settings.current, config);
    return {
      profile,
      team: fieldsOf(team),
      hasToken: apiToken(team.ticketServiceAddress) !== undefined,
      lockedBy: locked,
      updates: updatesInForce(settings.current, config),
      agent: agent.current(),
      keychainProblem: tokens.problem,
    };
  }

  function apiToken(address: string, typed?: string | null): string | undefined {
    if (config.apiToken !== undefined) return config.apiToken;
    return typed === undefined ? tokens.tokenFor(address) : (typed ?? undefined);
  }

  const toSave = (wanted: WantedSettings) =>
    withoutLocked({ ...wanted, team: trimmed(wanted.team) }, settings.current, config);

  /** As it would be in force once it were saved. */
  const wouldBe = (wanted: WantedSettings) => inForce(toSave(wanted), config).team;

  return {
    current,

    async checkService(wanted) {
      const team = wouldBe(wanted);
      const signal = signalFor('service');
      const problem = locked.ticketServiceAddress
        ? null
        : addressProblem(team.ticketServiceAddress, 'ticket service');
      if (problem) return { ...malformed(problem), queueRemark: null };
      const { checkService } = await import('../../backend/compose.ts');
      return await checkService({
        address: team.ticketServiceAddress,
        tls: serviceTls(team),
        apiToken: apiToken(team.ticketServiceAddress, wanted.token),
        queueTopic: queueLink(team, config)?.topic,
        version: options.appVersion,
        signal,
      });
    },

    async checkQueue(wanted) {
      const team = wouldBe(wanted);
      const signal = signalFor('queue');
      const problem = addressProblem(team.nsqdAddress, 'NSQ');
      if (problem) return malformed(problem);
      const { checkQueue } = await import('../../backend/compose.ts');
      return await checkQueue({
        address: team.nsqdAddress,
        tls: queueLink(team, config)?.tls,
        hasSecret: config.nsq.authSecret !== undefined,
        signal,
      });
    },

    async saveName(name) {
      await agent.rename(name);
      return current();
    },

    async saveSettings(wanted) {
      const { profile, team } = toSave(wanted);
      const { token } = wanted;
      const [wrong] = Object.entries(teamProblems({ isChosen: profile === 'team', team, token }));
      if (wrong) throw new DeskError('BAD_USER_INPUT', wrong[1], { field: wrong[0] });
      const before = chooser.fingerprint();
      const fields = { profile, team: { ...settings.current.team, ...team } };
      if (token === undefined || locked.token) await settings.update(fields);
      else await tokens.save(inForce(fields, config).team.ticketServiceAddress, token, fields);
      // One that could not be opened is tried again.
      if (chooser.fingerprint() !== before || (await backend.problem()) !== null) {
        await backend.reopen();
        // Whoever signs out, or in as somebody else, reads on in nothing that was read before.
        if (token !== undefined) await backend.forgetKept();
        const failure = await backend.problem();
        if (failure) throw new DeskError('UNAVAILABLE', failure);
      }
      return current();
    },
  };
}

/** Only the fields that the page knows; a newer desk's stay in the file. */
function fieldsOf(team: TeamSettings): TeamSettings {
  const { ticketServiceAddress, nsqdAddress, tls, nsqdTls, caFile, certFile, keyFile } = team;
  return { ticketServiceAddress, nsqdAddress, tls, nsqdTls, caFile, certFile, keyFile };
}

function trimmed(team: TeamSettings): TeamSettings {
  return {
    ...team,
    ticketServiceAddress: team.ticketServiceAddress.trim(),
    nsqdAddress: team.nsqdAddress.trim(),
    caFile: team.caFile.trim(),
    certFile: team.certFile.trim(),
    keyFile: team.keyFile.trim(),
  };
}

function malformed(text: string): AddressCheck {
  return { tone: 'failure', code: 'malformed', text };
}
