/** The link's state as a person would say it. */
import type { LinkInfo } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { clockTime } from '../../state/relative-time.ts';

/** "connected", "connected, with limits", "connecting", "offline since 14:02 (3 waiting)". */
export function linkWords(
  link: Pick<LinkInfo, 'state' | 'since' | 'reason'>,
  waiting: number,
  nowMs: number,
): string {
  const left = waiting > 0 ? ` (${countText(waiting)} waiting)` : '';
  // The reason of one that is there says what it lacks.
  if (link.state === 'CONNECTED') return link.reason === null ? 'connected' : 'connected, with limits';
  if (link.state === 'CONNECTING') return `connecting${left}`;
  return `offline since ${clockTime(Date.parse(link.since), nowMs)}${left}`;
}
