/** Who looks at a ticket, or types in it. A report holds for 10 s, and is repeated for as long as it is true. */
import type { Agent } from './agent.ts';

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
