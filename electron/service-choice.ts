/** Which ticket service the desk is composed with: its own, the stack's on Docker, or a team's. */
import { isDeepStrictEqual } from 'node:util';
import type { ServiceChoice, SpawnTicketService } from '../backend/compose.ts';
import type { ServiceLinkConfig } from '../backend/config.ts';
import { DeskError } from '../backend/errors.ts';
import { atMost, pause } from '../backend/pause.ts';
import type { TeamSettings } from '../proto/desktop-bridge.ts';
import type { DockerStack, StackLink } from './docker/docker-stack.ts';
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
/** Every so often a stack that is not reached is looked for again (ms). */
const lookAgainMs = 5_000;
/** So long the desk's opening waits for Docker (ms): filing works without. */
const patienceMs = 3_000;

export interface ServiceChooser {
  /** For composing the desk. Never rejects. */
  choose(): Promise<ServiceChoice>;
  /** Tells what a choice depends on, to see whether it would be another one now. */
  fingerprint(): string;
  /** How the team's ticket service is reached, whatever is chosen; null where none is named. */
  team(): ServiceLinkConfig | null;
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
  /** Looks for a stack that is not reached. */
  let looking: AbortController | undefined;

  const apiTokenFor = (address: string) => config.apiToken ?? tokens.tokenFor(address);

  const linkTo = (team: TeamSettings) => teamLink(team, apiTokenFor(team.ticketServiceAddress), config);

  function stopLooking(): void {
    looking?.abort();
    looking = undefined;
  }

  async function chooseStack(): Promise<ServiceChoice> {
    let reason: string | null = null;
    const ask = (answer: Promise<StackLink>) =>
      answer.then(
        (found) => {
          reason = null;
          return found;
        },
        (thrown: unknown) => {
          reason = thrown instanceof DeskError ? thrown.message : 'Docker could not be asked.';
          return undefined;
        },
      );
    const known = await ask(linkSoon(stack));

    /** Made anew it may have other ports and another token: whoever knows the old ones would wait for ever. */
    async function lookForAnother(signal: AbortSignal): Promise<void> {
      for (;;) {
        await pause(lookAgainMs, signal);
        if (signal.aborted) return;
        const found = await ask(stack.link());
        if (signal.aborted) return;
        if (found && !isDeepStrictEqual(found, known)) return options.onStackFound();
      }
    }
    function onLink(state: 'CONNECTED' | 'CONNECTING' | 'OFFLINE'): void {
      if (state === 'CONNECTED') stopLooking();
      else if (!looking) {
        looking = new AbortController();
        void lookForAnother(looking.signal);
      }
    }

    if (!known) onLink('OFFLINE');
    return {
      kind: 'remote',
      label: 'Docker on this computer',
      reason: () => reason,
      onLink,
      grpcAddress: known?.grpcAddress ?? usualAddress,
      grpcTls: undefined,
      apiToken: known?.apiToken,
      nsq: known && { ...stackQueue, nsqdAddress: known.nsqdAddress },
    };
  }

  function effective() {
    return inForce(settings.current, config);
  }

  return {
    async choose() {
      stopLooking();
      const { profile, team } = effective();
      if (profile === 'this-computer') return { kind: 'built-in', spawn: options.spawn };
      if (profile === 'docker') return chooseStack();
      return { kind: 'remote', ...linkTo(team) };
    },
    team() {
      const { team } = effective();
      return team.ticketServiceAddress === '' ? null : linkTo(team);
    },
    fingerprint() {
      const { profile, team } = effective();
      if (profile !== 'team') return profile;
      return JSON.stringify([team, apiTokenFor(team.ticketServiceAddress) ?? null]);
    },
    close: stopLooking,
  };
}

async function linkSoon(stack: Pick<DockerStack, 'link'>): Promise<StackLink> {
  const link = await atMost(patienceMs, stack.link());
  if (link) return link;
  throw new DeskError('UNAVAILABLE', 'Docker has not answered yet.');
}
