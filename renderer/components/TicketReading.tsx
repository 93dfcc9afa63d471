/** A ticket's text as it is read: title, one line of facts, description. */
import type { ReactNode } from 'react';
import { isVisible, shownText } from '../../proto/visible-text.ts';
import type { TicketText } from '../state/ticket-text.ts';

export interface TicketReadingProps {
  text: TicketText;
  /** Stands after the requester. */
  facts: ReactNode;
}

/** Each part carries `data-field`, so that a click can begin to edit that very part. */
export function TicketReading({ text, facts }: TicketReadingProps) {
  return (
    <>
      <h3 className="h5 text-break mb-1" dir="auto" data-field="title">
        {shownText(text.title)}
      </h3>
      <p className="small text-body-secondary mb-3">
        <span className="text-body text-break" dir="auto" data-field="name">
          {shownText(text.name)}
        </span>
        {facts}
      </p>
      <div className="kept-text text-break" dir="auto" data-field="description">
        {isVisible(text.description) ? (
          shownText(text.description)
        ) : (
          <span className="text-body-secondary fst-italic">No description.</span>
        )}
      </div>
    </>
  );
}
