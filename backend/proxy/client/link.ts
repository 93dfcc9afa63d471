/** The state of the link as the person sees it: a short loss is CONNECTING, a longer one OFFLINE since it began. */
import { createListeners } from '../../../proto/listeners.ts';
import { timestamp } from '../../../proto/utc-time.ts';
import type { LinkStatus } from './types.ts';

export type Link = ReturnType<typeof createLink>;

const patienceAfterLossMs = 2_000;

/** @param options.patienceAtStartMs how long a start may take before it counts as OFFLINE. */
export function createLink(options: { patienceAtStartMs: number }) {
  const changes = createListeners<LinkStatus>();
  let status: LinkStatus = {
    state: 'CONNECTING',
    since: timestamp(),
    serviceVersion: null,
    reason: null,
    obstacle: null,
  };
  let timer = setTimeout(giveUp, options.patienceAtStartMs);

  function set(next: LinkStatus): void {
    const same = (Object.keys(next) as (keyof LinkStatus)[]).every((key) => next[key] === status[key]);
    if (same) return;
    status = next;
    changes.emit(status);
  }

  /** `since` stays the moment of the loss. */
  function giveUp(): void {
    if (status.state === 'CONNECTING') set({ ...status, state: 'OFFLINE' });
  }

  return {
    status: () => status,
    onChange: changes.add,
    /** @param remark what the link lacks all the same, in words for the person */
    connected(serviceVersion: string | null, remark: string | null) {
      clearTimeout(timer);
      const since = status.state === 'CONNECTED' ? status.since : timestamp();
      set({ state: 'CONNECTED', since, serviceVersion, reason: remark, obstacle: null });
    },
    /** Not there, for this reason; with an obstacle waiting longer will not help. */
    lost(reason: string, obstacle: LinkStatus['obstacle']) {
      if (status.state === 'CONNECTED') {
        clearTimeout(timer);
        timer = setTimeout(giveUp, patienceAfterLossMs);
        set({ ...status, state: 'CONNECTING', since: timestamp(), reason, obstacle });
      } else {
        set({ ...status, reason, obstacle });
      }
      if (obstacle) giveUp();
    },
    close: () => clearTimeout(timer),
  };
}
