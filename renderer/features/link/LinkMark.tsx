/** The mark at the bottom left: how it stands with the ticket service. A lost link is no dialog. */
import type { ReactNode } from 'react';
import Button from 'react-bootstrap/Button';
import OverlayTrigger from 'react-bootstrap/OverlayTrigger';
import Tooltip from 'react-bootstrap/Tooltip';
import type { LinkState } from '../../graphql/generated/operations.ts';
import { useTimeWords } from '../../state/clock.ts';
import { type LinkInfo, useLink, useOutbox } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { clockTime } from '../../state/relative-time.ts';

const shapes: Record<LinkState, ReactNode> = {
  CONNECTED: <circle cx="8" cy="8" r="4" fill="currentColor" />,
  CONNECTING: (
    <circle
      cx="8"
      cy="8"
      r="4.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeDasharray="3.5 3.5"
    />
  ),
  OFFLINE: (
    <path d="m4 4 8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  ),
};

const tones: Record<LinkState, string> = {
  CONNECTED: 'text-success-emphasis',
  CONNECTING: 'text-body-secondary',
  OFFLINE: 'text-warning-emphasis',
};

/** Why it is so, with names and versions, is for whoever runs the server: it stands in the settings. */
const notes: Record<LinkState, string> = {
  CONNECTED: 'Not everything works as usual here. The settings say more.',
  CONNECTING: 'What you file meanwhile is kept and goes out by itself.',
  OFFLINE:
    'What you file is kept and goes out by itself when the link is back. The settings say why it is away.',
};

export function LinkMark() {
  const link = useLink();
  const { open } = useNavigation();
  const { waiting } = useOutbox();
  const words = useTimeWords((nowMs) => linkWords(link, waiting, nowMs));
  const isAsUsual = link.state === 'CONNECTED' && link.reason === null;
  return (
    <div role="status">
      <OverlayTrigger
        placement="right-end"
        overlay={isAsUsual ? <span /> : <Tooltip>{notes[link.state]}</Tooltip>}
      >
        <Button
          variant="link"
          size="sm"
          className="w-100 d-flex align-items-center gap-2 px-3 py-2 text-body text-decoration-none"
          onClick={() => open({ kind: 'settings' })}
        >
          <svg viewBox="0 0 16 16" className={`glyph ${tones[link.state]}`} aria-hidden="true">
            {shapes[link.state]}
          </svg>
          <span className="text-start">{words}</span>
        </Button>
      </OverlayTrigger>
    </div>
  );
}

/** "connected", "connected, with limits", "connecting", "offline since 14:02 (3 waiting)". */
export function linkWords(
  link: Pick<LinkInfo, 'state' | 'since' | 'reason'>,
  waiting: number,
  nowMs: number,
): string {
  const left = waiting > 0 ? ` (${countText(waiting)} waiting)` : '';
  // A link that stands has a reason only where the service lacks something.
  if (link.state === 'CONNECTED') return link.reason === null ? 'connected' : 'connected, with limits';
  if (link.state === 'CONNECTING') return `connecting${left}`;
  return `offline since ${clockTime(Date.parse(link.since), nowMs)}${left}`;
}
