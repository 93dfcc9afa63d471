import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../state/live.tsx';
import { type Pins, pinChange, pinsFor, pinTicket, releasePins, unpin, waitingPins } from './pins.ts';
import { countArrivals, itemsOf } from './use-ticket-list.ts';

const entry = (requestId: string, over: Partial<OutboxEntry> = {}): OutboxEntry => ({
  requestId,
  title: `title ${requestId}`,
  description: '',
  name: 'Ada',
  createdAt: `2026-11-24T10:00:0${requestId.length}.000000Z`,
  state: 'QUEUED',
  id: null,
  attempts: 0,
  lastError: null,
  lastErrorField: null,
  nextAttemptAt: null,
  conflict: null,
  ...over,
});
const change = (changed: OutboxEntry, removed = false) => ({
  entry: changed,
  removed,
  waiting: 0,
  failed: 0,
});
const stored = (requestId: string, id: number) => change(entry(requestId, { state: 'STORED', id }), true);
const open = { view: 'open', search: '', order: 'CREATED_DESC' } as const;
const row = (id: number, requestId: string | null = null) => ({ id, requestId, sortKey: '' });
const keys = (pins: Pins, rows = [row(7), row(6)]) =>
  itemsOf({ rows, leaving: new Set() }, pins, open).map(({ key }) => key);

describe('creates at the top of the list', () => {
  it('stand newest first, above the tickets', () => {
    const pins = pinChange(pinChange([], change(entry('a')), true), change(entry('bb')), true);
    expect(keys(pins)).toEqual(['bb', 'a', 'ticket-7', 'ticket-6']);
  });

  it('keep place and key through all states, and stand there once', () => {
    let pins: Pins = pinChange(pinChange([], change(entry('a')), true), change(entry('bb')), true);
    const before = keys(pins);
    pins = pinChange(pins, change(entry('a', { state: 'SENT' })), true);
    pins = pinTicket(pins, { id: 8, requestId: 'a' });
    pins = pinsFor(pins, [entry('bb')]);
    pins = pinChange(pins, stored('a', 8), true);
    expect(keys(pins, [row(8, 'a'), row(7), row(6)])).toEqual(before);
  });

  it('leave when they are discarded, or when they left unseen', () => {
    const pins = pinChange(pinChange([], change(entry('a')), true), change(entry('bb')), true);
    expect(pinChange(pins, change(entry('a'), true), true).map((pin) => pin.entry.requestId)).toEqual(['bb']);
    expect(pinsFor(pins, [entry('a')]).map((pin) => pin.entry.requestId)).toEqual(['a']);
  });

  it('wait, counted, while others file them and the person reads', () => {
    const pins = pinChange([], change(entry('a')), false);
    expect(keys(pins)).toEqual(['ticket-7', 'ticket-6']);
    expect(countArrivals({ arrivals: [row(8, 'a')] }, pins, open)).toBe(1);
    expect(keys(releasePins(pins))).toEqual(['a', 'ticket-7', 'ticket-6']);
    expect(pinChange(pins, stored('a', 8), true)).toEqual([]);
  });

  it('give up their place when the list is shown anew, or the ticket leaves the view', () => {
    const pins = pinChange(pinChange([], change(entry('a')), true), stored('a', 8), true);
    expect(waitingPins(pins)).toEqual([]);
    expect(unpin(pins, new Set([8]))).toEqual([]);
    expect(unpin(pins, new Set([9]))).toBe(pins);
  });

  it('stand only where new tickets do, and where they hold what is searched for', () => {
    const pins = pinChange([], change(entry('a', { title: 'Printer' })), true);
    const shown = (view: 'open' | 'completed', search: string) =>
      itemsOf({ rows: [], leaving: new Set() }, pins, { ...open, view, search }).length;
    expect([shown('open', ''), shown('open', 'PRINT'), shown('open', 'vpn'), shown('completed', '')]).toEqual(
      [1, 1, 0, 0],
    );
  });
});
