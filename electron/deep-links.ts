/**
 * Starts beside the first one, and `ticketdesk://ticket/12`: both come to the one desk that runs. Of a link nothing but
 * the ticket's number is ever used.
 */
import type { App } from 'electron';
import { maxInt32 } from '../proto/ticket-fields.ts';
import { hiddenSwitch } from './login-item.ts';

const linkScheme = 'ticketdesk';

/** Which ticket the link names; null for whatever else it may say. */
export function linkedTicket(link: string): number | null {
  const [, digits] = /^ticketdesk:\/\/ticket\/([1-9]\d{0,9})\/?$/i.exec(link) ?? [];
  const id = Number(digits);
  return id <= maxInt32 ? id : null;
}

/** The ticket that a command line names. Systems add switches of their own around the link. */
export function ticketInArguments(given: readonly string[]): number | null {
  return given.map(linkedTicket).find((id) => id !== null) ?? null;
}

export interface Links {
  /** Calls back for each start and link from now on, and at once for one that came before. Null: come to the front. */
  follow(open: (ticketId: number | null) => void): void;
}

/** Call before the app is ready: macOS hands over a link early. @param given this start's own command line */
export function setupLinks(
  app: Pick<App, 'on' | 'isPackaged' | 'setAsDefaultProtocolClient'>,
  options: { given: readonly string[]; platform: NodeJS.Platform },
): Links {
  let open: ((ticketId: number | null) => void) | undefined;
  // The last one counts; null: a start without a link, which is a wish to see the desk all the same.
  let waiting: number | null | undefined = ticketInArguments(options.given) ?? undefined;

  function receive(ticketId: number | null): void {
    if (open) open(ticketId);
    else waiting = ticketId ?? waiting ?? null;
  }
  app.on('second-instance', (_event, given) => {
    const ticketId = ticketInArguments(given);
    // The start at login of a desk that runs already is no wish to see it.
    if (ticketId !== null || !given.includes(hiddenSwitch)) receive(ticketId);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    receive(linkedTicket(url));
  });
  // On Linux the package's desktop entry says so for everybody; to say it here would write into the person's own files.
  if (app.isPackaged && options.platform !== 'linux') app.setAsDefaultProtocolClient(linkScheme);

  return {
    follow(opener) {
      open = opener;
      if (waiting !== undefined) opener(waiting);
    },
  };
}
