import { expect, test } from 'vitest';
import type { TeamSettings } from './desktop-bridge.ts';
import { teamProblems, tokenSentence } from './team-settings.ts';
import { emptyTeam } from './testing/team.ts';

const team = { ...emptyTeam, ticketServiceAddress: 'tickets.example.org:50051', tls: true };
const judge = (over: Partial<TeamSettings>, token?: string | null) =>
  teamProblems({ isChosen: true, team: { ...team, ...over }, token });

test('what is right has no problem, and neither has a token that is kept, removed or not typed yet', () => {
  for (const token of [undefined, null, '', 'Tk-0123456789abcdefghij']) expect(judge({}, token)).toEqual({});
});

test('a token of a wrong length is told as such, with nobody asked about it', () => {
  expect(judge({}, 'too-short')).toEqual({ token: 'The token needs at least 16 characters.' });
  expect(tokenSentence('x'.repeat(2_001))).toBe('The token has more than 2000 characters.');
  expect(tokenSentence('with a blank in the middle')).toContain('no spaces');
});

test('a certificate and its key go together: the one that is missing says so', () => {
  expect(Object.keys(judge({ certFile: '/c.pem' }))).toEqual(['keyFile']);
  expect(Object.keys(judge({ keyFile: '/k.pem' }))).toEqual(['certFile']);
});

test('an address is needed where the team is chosen, and has the right form wherever it is given', () => {
  expect(judge({ ticketServiceAddress: ' ' })).toHaveProperty('ticketServiceAddress');
  expect(teamProblems({ isChosen: false, team: { ...team, ticketServiceAddress: '' } })).toEqual({});
  expect(judge({ nsqdAddress: 'nsqd.example.org' })).toHaveProperty('nsqdAddress');
});
