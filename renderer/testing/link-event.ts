/** The state of the link as the server tells it. */
import type { LinkFieldsFragment } from '../graphql/generated/operations.ts';
import type { LiveEvent } from '../state/live-feed.ts';

/** @param told what is other than of a link that stands */
export function linkEvent(told: Partial<LinkFieldsFragment> = {}): LiveEvent {
  const standing: LinkFieldsFragment = {
    state: 'CONNECTED',
    since: '',
    service: 'tickets:50051',
    serviceVersion: '1.0.0',
    reason: null,
    obstacle: null,
  };
  return { kind: 'link', link: { ...standing, ...told } };
}
