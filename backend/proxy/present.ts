/** Who looks at which ticket, as the ticket service tells it; who is not heard of for 10 s is gone. */
import { type Presence, presenceHoldsMs } from '../domain/presence.ts';
import type { TicketClient } from './client/types.ts';
import { createListeners } from './listeners.ts';

export interface TicketPresence {
  ticketId: number;
  present: Omit<Presence, 'ticketId'>[];
}

export interface Present {
  /** Of every ticket that somebody looks at. */
  all(): TicketPresence[];
  /** Told of a ticket whose people have changed. @returns unsubscribe */
  onChange(listener: (presence: TicketPresence) => void): () => void;
  stop(): void;
}

export function followPresence(client: Pick<TicketClient, 'onPresence' | 'onLink' | 'link'>): Present {
  const places = new Map<string, { presence: Presence; gone: NodeJS.Timeout }>();
  const changes = createListeners<TicketPresence>();

  const of = (ticketId: number): TicketPresence => ({
    ticketId,
    present: [...places.values()].flatMap(({ presence: { ticketId: at, ...who } }) =>
      at === ticketId ? [who] : [],
    ),
  });

  function leave(place: string): number | undefined {
    const left = places.get(place);
    clearTimeout(left?.gone);
    places.delete(place);
    return left?.presence.ticketId ?? undefined;
  }

  function tell(...ticketIds: (number | null | undefined)[]): void {
    for (const ticketId of new Set(ticketIds)) if (ticketId) changes.emit(of(ticketId));
  }

  function hear(presence: Presence): void {
    const { place, ticketId, isTyping } = presence;
    const before = places.get(place)?.presence;
    leave(place);
    if (ticketId !== null) {
      const gone = setTimeout(() => tell(leave(place)), presenceHoldsMs);
      places.set(place, { presence, gone });
    }
    const isSame = before?.ticketId === ticketId && before?.isTyping === isTyping;
    if (!isSame) tell(before?.ticketId, ticketId);
  }

  const stops = [
    client.onPresence(hear),
    // Nothing is heard of anybody without a link.
    client.onLink(({ state }) => {
      if (state !== 'CONNECTED') tell(...[...places.keys()].map(leave));
    }),
  ];
  return {
    all: () => [...new Set([...places.values()].flatMap(({ presence }) => presence.ticketId ?? []))].map(of),
    onChange: changes.add,
    stop() {
      for (const stop of stops) stop();
      for (const place of [...places.keys()]) leave(place);
    },
  };
}
