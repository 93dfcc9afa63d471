/** The link's state as a person would say it. */
import type { LinkInfo } from '../../state/live.tsx';
import { clockTime } from '../../state/relative-time.ts';

/** "connected", "connecting", "offline since 14:02 (3 waiting)". */
export function linkWords(link: Pick<LinkInfo, 'state' | 'since'>, waiting: number, nowMs: number): string {
  const left = waiting > 0 ? ` (${waiting.toLocaleString('en')} waiting)` : '';
  if (link.state === 'CONNECTED') return 'connected';
  if (link.state === 'CONNECTING') return `connecting${left}`;
  return `offline since ${clockTime(Date.parse(link.since), nowMs)}${left}`;
}
