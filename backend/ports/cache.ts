/**
 * A cache beside the store of record: forgetting is always allowed. An adapter never throws: a read that fails is
 * a miss, and a write that may not have arrived says so, because what stands there may then be out of date.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  /**
   * Keeps the value unless the key holds one of a higher version, so that a slow reader's
   * old row never replaces a writer's new one, whatever the order in which they arrive.
   * Answers false when it is not certain that the cache holds this version or a newer one now.
   */
  putIfNewer(key: string, entry: { value: string; version: number; ttlMs: number }): Promise<boolean>;
  /**
   * Adds 1 to a counter and answers it. A counter that is not there starts at the clock's microseconds,
   * so that one forgotten and begun anew never repeats a number used before. Undefined: not certain that it was added.
   */
  increment(key: string, options: { ttlMs: number }): Promise<number | undefined>;
  /** Calls back whenever the cache can be reached again after a failure; answers how to stop. */
  onReachable(listener: () => void): () => void;
  close(): Promise<void>;
}
