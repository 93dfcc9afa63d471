import { expect, it } from 'vitest';
import type { DeskSettings } from '../../../proto/desktop-bridge.ts';
import { emptyTeam } from '../../../proto/testing/team.ts';
import type { OutboxEntry, QueuedWrite } from '../../state/outbox-store.ts';
import { placeWords, switchedOf, switchWords } from './profiles.ts';

const team = { ...emptyTeam, ticketServiceAddress: ' tickets.example.org:50051 ' };
const place = (profile: DeskSettings['profile']) => placeWords({ profile, team });

it('names what is linked to', () => {
  expect(place('this-computer')).toBe('this computer');
  expect(place('docker')).toBe('Docker on this computer');
  expect(place('team')).toBe('tickets.example.org:50051');
});

it('says where what waits will go', () => {
  const words = (waiting: number, sent: number, failed: number, staying = 0) =>
    switchWords({ waiting, sent, failed, staying }, 'this computer', 'tickets:1');
  expect(words(0, 0, 0)).toBeNull();
  expect(words(1, 0, 0)).toBe('1 ticket waits; it goes to tickets:1.');
  expect(words(3, 0, 0)).toBe('3 tickets wait; they go to tickets:1.');
  expect(words(3, 1, 0)).toContain('1 of them left for this computer already');
  expect(words(1, 1, 0)).toContain('It left for this computer already');
  expect(words(0, 0, 2)).toBe('2 that could not be sent stay in the outbox.');
  expect(words(1, 0, 0, 2)).toBe(
    '1 ticket waits; it goes to tickets:1. 2 comments and changes of tickets wait until the desk uses this computer again.',
  );
});

it('tells creates from comments and changes of tickets that have a number', () => {
  const write = (ticketId: number | null, state: 'QUEUED' | 'FAILED') => ({ ticketId, state }) as QueuedWrite;
  const entries = [{ state: 'SENT' }] as OutboxEntry[];
  const writes = [write(4, 'QUEUED'), write(4, 'FAILED'), write(null, 'QUEUED')];
  const outbox = { entries, writes, waiting: 5, failed: 2, blockedBy: null, loaded: true };
  expect(switchedOf(outbox)).toEqual({ waiting: 3, sent: 1, failed: 1, staying: 2 });
});
