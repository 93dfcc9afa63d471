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

/** By which gRPC metadata tells who acts: an Agent as JSON in UTF-8. */
export const agentKey = 'agent-bin';

export function encodeAgent({ id, name }: Agent): Buffer {
  return Buffer.from(JSON.stringify({ id, name }));
}

/** What can't be read tells nothing. */
export function decodeAgent(told: string | Buffer | undefined): Agent | undefined {
  try {
    return readAgent(JSON.parse(told?.toString() ?? 'null'));
  } catch {
    return undefined;
  }
}

/** Who looks at a ticket, or types in it. A report holds for 10 s, and is repeated for as long as it is true. */
export interface Presence {
  /** One window of one desk; a UUID. */
  place: string;
  agent: Agent;
  /** Null: at none any more. */
  ticketId: number | null;
  isTyping: boolean;
}

/** For how long a report holds. */
export const presenceHoldsMs = 10_000;
