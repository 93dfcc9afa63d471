import { expect, it } from 'vitest';
import { linkWords } from './LinkMark.tsx';

const at = new Date(2026, 10, 24, 14, 2);
const words = (
  state: 'CONNECTED' | 'CONNECTING' | 'OFFLINE',
  waiting: number,
  reason: string | null = null,
) => linkWords({ state, since: at.toISOString(), reason }, waiting, at.getTime() + 60_000);

it('says how it stands with the ticket service, and what waits while it is away', () => {
  expect(words('CONNECTED', 3)).toBe('connected');
  expect(words('CONNECTED', 0, 'The ticket service is of an older version.')).toBe('connected, with limits');
  expect(words('CONNECTING', 0)).toBe('connecting');
  expect(words('OFFLINE', 3)).toBe('offline since 14:02 (3 waiting)');
});
