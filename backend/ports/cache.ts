/**
 * A cache beside the store of record: forgetting is always allowed. An adapter never throws: a read that fails is
 * a miss, and a write that may not have arrived says so, because what stands there may then be out of date.
 *
 * The cache counts its generations: every drop begins a new one, under a number that was never used before. Who
 * fills it says which generation it saw before it read the store, and comes to nothing when that one is over. So
 * once a writer has dropped what it changed, no reader that it overtook puts the older back, however slow it is and
 * whatever the cache has forgotten meanwhile.
 */
export interface Cache {
  /** Whether other services read and write the same entries. */
  readonly isShared: boolean;
  /**
   * Another number after each time that the cache could not be reached: it may hold what it held at any time before.
   * The number changes before anything is read from it again.
   */
  connection(): number;
  get(key: string): Promise<CacheRead>;
  /** Keeps the value, unless that generation is over. */
  put(key: string, entry: { value: string; ttlMs: number; generation: string }): Promise<void>;
  /**
   * Begins a new generation and forgets these entries, in one step; one that holds exactly `unless` stays.
   * Answers false when it is not certain that this was done.
   */
  drop(entries: readonly { key: string; unless?: string | undefined }[]): Promise<boolean>;
  /** Forgets every ticket and every list that was put before. False: not certain that this was done. */
  clear(): Promise<boolean>;
  close(): Promise<void>;
}

export interface CacheRead {
  value: string | undefined;
  /** Undefined: the cache can't be filled now. */
  generation: string | undefined;
}

/** Redis's keys are a contract of their own: `ticket:<id>`, and lists under a key that holds the generation. */
export const generationKey = 'tickets:generation';
/** How long a generation lasts without a write. One forgotten is over, and a new one begins. */
export const generationTtlMs = 300_000;
export const ticketKey = (id: number): string => `ticket:${id}`;
export const listKey = (generation: string, name: string): string => `tickets:${generation}:${name}`;
