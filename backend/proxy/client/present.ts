/** Who looks at which ticket, as the ticket service tells it from the first moment of a session; who is not heard of for 10 s is gone. */
import { createListeners } from '../../../proto/listeners.ts';
import { type Presence, presenceHoldsMs } from '../../domain/agent.ts';
import type { Connection } from './connection.ts';
import type { Present, TicketPresence } from './types.ts';

export function followPresence({ onPresence, link }: Pick<Connection, 'onPresence' | 'link'>): Present {
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

  function hear(heard: Presence): void {
    const { place, ticketId, isTyping } = heard;
    const before = places.get(place)?.presence;
    leave(place);
    if (ticketId !== null) {
      const gone = setTimeout(() => tell(leave(place)), presenceHoldsMs);
      places.set(place, { presence: heard, gone });
    }
    const isSame = before?.ticketId === ticketId && before?.isTyping === isTyping;
    if (!isSame) tell(before?.ticketId, ticketId);
  }

  const stops = [
    onPresence(hear),
    // Nothing is heard of anybody without a link.
    link.onChange(({ state }) => {
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
