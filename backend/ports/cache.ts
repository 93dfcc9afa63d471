/**
 * A cache beside the store of record: forgetting is always allowed, and an
 * adapter turns its own failures into misses.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  /**
   * Keeps the value unless the key holds one of a higher version, so that a slow reader's
   * old row never replaces a writer's new one, whatever the order in which they arrive.
   */
  putIfNewer(key: string, entry: { value: string; version: number; ttlMs: number }): Promise<void>;
  /**
   * Adds 1 to a counter and answers it. A counter that is not there starts at the clock's microseconds,
   * so that one forgotten and begun anew never repeats a number used before.
   */
  increment(key: string, options: { ttlMs: number }): Promise<number>;
  close(): Promise<void>;
}
