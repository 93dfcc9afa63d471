import { expect, it } from 'vitest';
import { addressMatcher, rangeProblem } from './address-ranges.ts';

it.each(['10.0.0.7', '10.0.0.0/24', '172.18.0.0/16', '127.0.0.1', 'fd00::7', 'fd00:1:2::/64', '::1'])(
  'takes %s',
  (text) => expect(rangeProblem(text)).toBeUndefined(),
);

it.each([
  ['*', 'no IP address'],
  ['any', 'no IP address'],
  ['proxy.example.org', 'no IP address'],
  ['10.0.0', 'no IP address'],
  ['10.0.0.256', 'no IP address'],
  ['10.0.0.7:50051', 'no IP address'],
  ['10.0.0.0/', 'no IP address'],
  ['10.0.0.0/-1', 'no IP address'],
  ['10.0.0.0/33', 'over 32'],
  ['fd00::/129', 'over 128'],
  ['0.0.0.0/0', 'wider than'],
  ['0.0.0.0', 'wider than'],
  ['10.0.0.0/8', 'wider than'],
  ['::/0', 'wider than'],
  ['::', 'wider than'],
  ['2000::/3', 'wider than'],
  ['::ffff:0.0.0.0/96', 'wider than'],
])('refuses %s, which is %s', (text, words) => expect(rangeProblem(text)).toContain(words));

it('finds an address in its ranges, however it is written, and no other', () => {
  const matches = addressMatcher(['10.0.0.7', '10.1.2.0/24', 'fd00::/64']);
  for (const address of ['10.0.0.7', '::ffff:10.0.0.7', '10.1.2.255', 'fd00::1:2:3:4']) {
    expect(matches(address), address).toBe(true);
  }
  for (const address of [
    '10.0.0.8',
    '::ffff:10.0.0.8',
    '10.1.3.0',
    'fd00:0:0:1::',
    'unknown',
    '',
    undefined,
  ]) {
    expect(matches(address), address).toBe(false);
  }
  expect(addressMatcher([])('10.0.0.7')).toBe(false);
});
