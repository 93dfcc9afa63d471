import type { Desk } from './desk.ts';

/** Whether the database answers. Never throws. */
export function isHealthy({ store }: Desk): Promise<boolean> {
  return store.ping().then(
    () => true,
    () => false,
  );
}
