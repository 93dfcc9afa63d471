/** A text in which each bare web address is a link. */
import { Fragment, type ReactNode } from 'react';
import { textParts } from './web-addresses.ts';

/** The window hands a new page to the person's own browser. */
export function OutwardLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    // A click on the text around it may begin to edit that.
    <a href={to} target="_blank" rel="noreferrer" title={to} onClick={(event) => event.stopPropagation()}>
      {children}
    </a>
  );
}

export function LinkedText({ text }: { text: string }) {
  return textParts(text).map(({ at, text: part, isAddress }) =>
    isAddress ? (
      <OutwardLink key={at} to={part}>
        {part}
      </OutwardLink>
    ) : (
      <Fragment key={at}>{part}</Fragment>
    ),
  );
}
