/** Waits for the link of a ticket client. */
import type { TicketClient } from '../ticket-client.ts';

/** Resolves once the link is in this state. */
export function linkState(client: Pick<TicketClient, 'link' | 'onLink'>, state = 'CONNECTED'): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onLink(look);
    function look(): void {
      if (client.link().state !== state) return;
      stop();
      resolve();
    }
    look();
  });
}
