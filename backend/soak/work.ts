/** What everybody at work on a desk needs: the ways in, where it is written down, and what the others have done. */
import type { GraphqlServer } from '../testing/graphql.ts';
import type { Random } from '../testing/random.ts';
import type { TestCaller } from '../ticket-service/testing/service.ts';
import type { History } from './history.ts';

/** A proxy, and the address that files are sent to. */
export interface Desk extends GraphqlServer {
  readonly url: string;
}

export interface PeopleOptions {
  /** As it is now: another one after it was killed. */
  desk(): Desk;
  /** Ticket services that are asked past the proxy. */
  services?: readonly TestCaller[];
  history: History;
  random: Random;
}

/** What those who do one thing again and again know of the others. */
export interface Work extends PeopleOptions {
  isOver(): boolean;
  /** Resolves at release(). */
  held(): Promise<void>;
  /** Request ids of creates that were answered, the newest last. */
  filed: string[];
  /** Numbers of tickets that were seen in lists. */
  seen: Set<number>;
}

/** Of the tickets that a bulk change finds. */
const groupSize = 150;
export const groupOf = (count: number) => `group ${Math.floor(count / groupSize)}`;
