/** The state of the way to the ticket service. */
import { useSyncExternalStore } from 'react';
import { type LinkInfo, useLive, useOutbox } from './live.tsx';

/** Why a ticket can't be changed now; null when it can. */
export function useBlocked(): string | null {
  const { state } = useLink();
  if (state === 'CONNECTED') return null;
  return state === 'CONNECTING'
    ? 'Connecting: this ticket can be changed in a moment.'
    : 'Offline: this ticket can be read; it can be changed when the link is back.';
}

/** CONNECTING, CONNECTED or OFFLINE, since when, to what, and why not. */
export function useLink(): LinkInfo {
  const live = useLive();
  return useSyncExternalStore(live.onLinkChange, live.link);
}

/** Why nothing that was filed goes out at the moment, in an operator's words; null while it does. */
export function useBlockedBy(): string | null {
  const { blockedBy } = useOutbox();
  const { state, reason } = useLink();
  return blockedBy ?? (state === 'CONNECTED' ? null : (reason ?? 'The ticket service has not answered yet.'));
}
