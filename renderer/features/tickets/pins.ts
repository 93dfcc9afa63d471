/**
 * Creates at the top of the list. One that waits stands there with its true state; once it is stored it
 * keeps its place and its key until the list is shown anew, so that nothing jumps when a number arrives.
 */
import type { OutboxChange, OutboxEntry } from '../../state/live.tsx';

export interface Pin {
  entry: OutboxEntry;
  /** The ticket's id, once it is stored. */
  id: number | null;
  /** Filed elsewhere while the person reads: it waits until nothing moves under the eye. */
  held: boolean;
}

export type Pins = readonly Pin[];

/** Takes over a reading of the outbox: what left it unseen is an ordinary ticket, or gone. */
export function pinsFor(pins: Pins, entries: readonly OutboxEntry[]): Pins {
  const waiting = new Set(entries.map((entry) => entry.requestId));
  const stored = pins.filter((pin) => pin.id !== null && !waiting.has(pin.entry.requestId));
  const idOf = (entry: OutboxEntry) =>
    entry.id ?? pins.find((pin) => pin.entry.requestId === entry.requestId)?.id ?? null;
  const isHeld = (entry: OutboxEntry) =>
    pins.some((pin) => pin.held && pin.entry.requestId === entry.requestId);
  return sorted([...stored, ...entries.map((entry) => ({ entry, id: idOf(entry), held: isHeld(entry) }))]);
}

/**
 * Follows one change of the outbox.
 * @param mayShow whether a create that was not there before may be shown at once.
 */
export function pinChange(pins: Pins, { entry, removed }: OutboxChange, mayShow: boolean): Pins {
  const known = pins.find((pin) => pin.entry.requestId === entry.requestId);
  const others = pins.filter((pin) => pin !== known);
  const id = entry.id ?? known?.id ?? null;
  if (removed && entry.state !== 'STORED') return others;
  // Stored without having been seen to wait: an ordinary new ticket.
  if (removed && (!known || known.held)) return others;
  return sorted([...others, { entry, id, held: known?.held ?? !mayShow }]);
}

/** Shows what was held. */
export function releasePins(pins: Pins): Pins {
  return pins.some((pin) => pin.held) ? pins.map((pin) => ({ ...pin, held: false })) : pins;
}

/** The ticket of a create was seen, before or after the outbox told that it is stored. */
export function pinTicket(pins: Pins, ticket: { id: number | null; requestId: string | null }): Pins {
  if (!pins.some((pin) => pin.entry.requestId === ticket.requestId && pin.id !== ticket.id)) return pins;
  return pins.map((pin) => (pin.entry.requestId === ticket.requestId ? { ...pin, id: ticket.id } : pin));
}

/** Takes the pin off a ticket, which then stands where the order puts it, or nowhere. */
export function unpin(pins: Pins, ids: ReadonlySet<number>): Pins {
  return pins.some((pin) => pin.id !== null && ids.has(pin.id))
    ? pins.filter((pin) => pin.id === null || !ids.has(pin.id))
    : pins;
}

/** Only what still waits: for a list that is shown anew. */
export function waitingPins(pins: Pins): Pins {
  return pins.every((pin) => pin.id === null) ? pins : pins.filter((pin) => pin.id === null);
}

function sorted(pins: Pins): Pins {
  return [...pins].sort((a, b) => {
    if (a.entry.createdAt !== b.entry.createdAt) return a.entry.createdAt < b.entry.createdAt ? 1 : -1;
    return a.entry.requestId < b.entry.requestId ? 1 : -1;
  });
}
