/** The state of the way to the ticket service. */
import { useSyncExternalStore } from 'react';
import { type LinkInfo, useLive } from './live.tsx';

/** CONNECTING, CONNECTED or OFFLINE, since when, to what, and why not. */
export function useLink(): LinkInfo {
  const live = useLive();
  return useSyncExternalStore(live.onLinkChange, live.link);
}
