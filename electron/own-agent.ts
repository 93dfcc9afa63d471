/** Who works at this desk: under an id that is made once, and a name that is the system user's until they say another. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { DeskError } from '../backend/errors.ts';
import type { Logger } from '../backend/logger.ts';
import { agentRule, textProblem } from '../proto/checks.ts';
import type { OwnAgent } from '../proto/desktop-bridge.ts';
import type { SettingsStore } from './settings.ts';

export interface OwnAgentStore {
  current(): OwnAgent;
  /** @throws DeskError BAD_USER_INPUT name; UNAVAILABLE: it can't be saved. The name then stays as it was. */
  rename(name: string): Promise<void>;
}

/** @param options.systemUser the name of the system's user; throws where there is none */
export function ownAgent(options: {
  settings: Pick<SettingsStore, 'current' | 'update'>;
  logger: Logger;
  systemUser?: () => string;
}): OwnAgentStore {
  const { settings, logger, systemUser = () => userInfo().username } = options;
  const fresh: OwnAgent = { id: randomUUID(), name: proposal(systemUser), isConfirmed: false };
  const current = () => settings.current.agent ?? fresh;
  if (!settings.current.agent) {
    // Before anything is done under it: what one person did is not to be under two ids.
    settings
      .update({ agent: fresh })
      .catch((err) =>
        logger.warn({ err }, 'who works here could not be saved: it lasts until the desk is closed'),
      );
  }
  return {
    current,
    async rename(wanted) {
      const name = wanted.trim();
      const problem = nameProblem(name);
      if (problem !== null) throw new DeskError('BAD_USER_INPUT', problem, { field: 'name' });
      await settings.update({ agent: { ...current(), name, isConfirmed: true } });
    },
  };
}

/** What is wrong with a name and how to mend it; null: nothing. */
function nameProblem(name: string): string | null {
  switch (textProblem(name, agentRule)?.kind) {
    case undefined:
      return null;
    case 'unseen':
      return 'Give your name, so that others see what you did.';
    case 'too-long':
      return `A name has at most ${agentRule.maxCharacters} characters. Shorten it.`;
    default:
      return 'This name holds a character that can not be stored. Type it again.';
  }
}

/** A container's user may have no name. */
function proposal(systemUser: () => string): string {
  try {
    const name = systemUser();
    if (nameProblem(name) === null) return name;
  } catch {
    // As good as none.
  }
  return 'Agent';
}
