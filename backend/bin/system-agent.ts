/** Who works at a desk that one person has started for themselves: the user of the system. */
import { userInfo } from 'node:os';
import { type Agent, readAgent } from '../domain/agent.ts';

/** Undefined for a user without a name, as in a container. */
export function systemAgent(): Agent | undefined {
  try {
    const { username } = userInfo();
    return readAgent({ id: `user:${username}`, name: username });
  } catch {
    return undefined;
  }
}
