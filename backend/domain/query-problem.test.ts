import { expect, it } from 'vitest';
import { queryProblem, timeZoneProblem } from './ticket.ts';

it.each([
  ['', undefined],
  ['é'.repeat(500), undefined],
  ['😀'.repeat(500), undefined],
  ['x '.repeat(32), undefined],
  ['x'.repeat(501), 'query has 501 characters; at most 500 fit. Shorten it.'],
  ['x '.repeat(33), 'query has 33 entries; at most 32 fit. Leave some out.'],
  ['a\0b', "query holds a NUL character, which can't be stored. Remove it."],
  ['a\ud800', 'query holds half of a character (an unpaired surrogate). Type it again.'],
])('a search as a whole, %j', (query, message) => {
  expect(queryProblem(query)).toEqual(message && { field: 'query', message });
});

it('what can be read in part is no problem of the whole', () => {
  expect(queryProblem('status:lost "printer')).toBeUndefined();
});

it('a time zone is refused by its name', () => {
  expect(timeZoneProblem('Asia/Kolkata')).toBeUndefined();
  expect(timeZoneProblem('Nowhere')).toMatchObject({ field: 'timeZone' });
});
