/** Who acts: somebody of the helpdesk, under an id that stays when the name changes. */
import { textProblem } from '../../proto/checks.ts';

export interface Agent {
  id: string;
  name: string;
}

/** What is asked of an agent's name and id. */
export const agentRule = { maxCharacters: 100, mayBeEmpty: false };

/** An agent as somebody told it, without anything else that was told; undefined for whatever is none. */
export function readAgent(told: unknown): Agent | undefined {
  const { id, name } = (told ?? {}) as Partial<Record<keyof Agent, unknown>>;
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && textProblem(value, agentRule) === undefined;
  return isText(id) && isText(name) ? { id, name } : undefined;
}
