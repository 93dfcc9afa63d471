import { expect, it } from 'vitest';
import { relativeTime, timeInSentence } from './relative-time.ts';

const then = '2026-11-24T14:00:00.000000Z';
const after = (ms: number) => Date.parse(then) + ms;

it.each([
  [0, 'just now', 'just now'],
  [5 * 60_000, '5 min', '5 min ago'],
  [2 * 3_600_000, '2 h', '2 h ago'],
  [3 * 86_400_000, '3 d', '3 d ago'],
  [20 * 86_400_000, '24 Nov', 'on 24 Nov'],
  [-60_000, 'just now', 'just now'],
])('says a time %i ms old as "%s", and "%s" in a sentence', (ms, words, sentence) => {
  expect(relativeTime(then, after(ms), 'en-GB')).toBe(words);
  expect(timeInSentence(then, after(ms), 'en-GB')).toBe(sentence);
});
