/** Which ticket service the desk is composed with: its own, the stack's on Docker, or a team's. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ServiceChoice, SpawnTicketService } from '../backend/compose.ts';
import { DeskError } from '../backend/errors.ts';
import type { DockerStack, StackLink } from './docker/stack.ts';
import { inForce, type Rules, teamLink } from './effective-settings.ts';
import type { SettingsStore } from './settings.ts';
import type { TokenStore } from './token-store.ts';

/** How the stack's parts are set in docker-compose.yml, whatever this desk's environment says. */
const stackQueue = {
  lookupdAddresses: [],
  topic: 'ticketCreate',
  channel: 'Create',
  tls: undefined,
  authSecret: undefined,
};
/** Where its ticket service is as long as nothing can be asked. */
const usualAddress = '127.0.0.1:50051';
/** Every so often a stack that was not there is looked for again (ms). */
const lookAgainMs = 5_000;
/** So long the desk's opening waits for Docker (ms): filing works without. */
const patienceMs = 3_000;

export interface ServiceChooser {
  /** For composing the desk. Never rejects. */
  choose(): Promise<ServiceChoice>;
  /** Tells what a choice depends on, to see whether it would be another one now. */
  fingerprint(): string;
  /** Ends the looking for a stack. */
  close(): void;
}

export interface ChooserOptions {
  config: Rules;
  settings: Pick<SettingsStore, 'current'>;
  tokens: Pick<TokenStore, 'tokenFor'>;
  stack: Pick<DockerStack, 'link'>;
  spawn: SpawnTicketService;
  /** The stack is there now, or is reached otherwise than before: the desk is to be composed anew. */
  onStackFound: () => void;
}

export function serviceChooser(options: ChooserOptions): ServiceChooser {
  const { config, settings, tokens, stack } = options;
  let timer: NodeJS.Timeout | undefined;

  const apiTokenFor = (address: string) => config.apiToken ?? tokens.tokenFor(address);

  async function chooseStack(): Promise<ServiceChoice> {
    let found: StackLink | undefined;
    let reason: string | null = null;
    try {
      found = await Promise.race([stack.link(), notYet()]);
    } catch (thrown) {
      reason = thrown instanceof DeskError ? thrown.message : 'Docker could not be asked.';
      timer = setTimeout(lookAgain, lookAgainMs);
    }
    return {
      kind: 'remote',
      label: 'Docker on this computer',
      reason: () => reason,
      grpcAddress: found?.grpcAddress ?? usualAddress,
      grpcTls: undefined,
      apiToken: found?.apiToken,
      nsq: found && { ...stackQueue, nsqdAddress: found.nsqdAddress },
    };

    function lookAgain(): void {
      stack.link().then(options.onStackFound, (thrown: Error) => {
        reason = thrown.message;
        timer = setTimeout(lookAgain, lookAgainMs);
      });
    }
  }

  function effective() {
    return inForce(settings.current, config);
  }

  return {
    async choose() {
      clearTimeout(timer);
      const { profile, team } = effective();
      if (profile === 'this-computer') return { kind: 'built-in', spawn: options.spawn };
      if (profile === 'docker') return chooseStack();
      const apiToken = apiTokenFor(team.ticketServiceAddress);
      return { kind: 'remote', ...teamLink(team, apiToken, config) };
    },
    fingerprint() {
      const { profile, team } = effective();
      if (profile !== 'team') return profile;
      return JSON.stringify([team, apiTokenFor(team.ticketServiceAddress) ?? null]);
    },
    close: () => clearTimeout(timer),
  };
}

async function notYet(): Promise<never> {
  await wait(patienceMs, undefined, { ref: false });
  throw new DeskError('UNAVAILABLE', 'Docker has not answered yet.');
}
