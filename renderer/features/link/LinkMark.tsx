/** The mark at the bottom left: how it stands with the ticket service. A lost link is no dialog. */
import type { ReactNode } from 'react';
import OverlayTrigger from 'react-bootstrap/OverlayTrigger';
import Tooltip from 'react-bootstrap/Tooltip';
import type { LinkState } from '../../graphql/generated/operations.ts';
import { useTimeWords } from '../../state/clock.ts';
import { useLink } from '../../state/link.tsx';
import { useOutbox } from '../../state/live.tsx';
import { linkWords } from './link-words.ts';

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

export function LinkMark() {
  const link = useLink();
  const { waiting } = useOutbox();
  const words = useTimeWords((nowMs) => linkWords(link, waiting, nowMs));
  const details = [
    link.service && `Ticket service: ${link.service}`,
    link.serviceVersion && `version ${link.serviceVersion}`,
    link.reason,
  ].filter(Boolean);
  return (
    <OverlayTrigger
      placement="top-start"
      overlay={details.length > 0 ? <Tooltip>{details.join(' · ')}</Tooltip> : <span />}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable by keyboard. */}
      <div className="link-mark d-flex align-items-center gap-2 px-3 py-2 small" tabIndex={0} role="status">
        <svg viewBox="0 0 16 16" className={`glyph ${tones[link.state]}`} aria-hidden="true">
          {shapes[link.state]}
        </svg>
        <span>{words}</span>
      </div>
    </OverlayTrigger>
  );
}
