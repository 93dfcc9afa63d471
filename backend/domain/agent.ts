/** Who acts: somebody of the helpdesk, under an id that stays when the name changes. */
import { agentRule, textProblem } from '../../proto/checks.ts';

export interface Agent {
  id: string;
  name: string;
}

/** An agent as somebody told it, without anything else that was told; undefined for whatever is none. */
export function readAgent(told: unknown): Agent | undefined {
  const { id, name } = (told ?? {}) as Partial<Record<keyof Agent, unknown>>;
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && textProblem(value, agentRule) === undefined;
  return isText(id) && isText(name) ? { id, name } : undefined;
}
