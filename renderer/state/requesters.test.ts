import { expect, it } from 'vitest';
import { proposeRequesters, withRequester } from './requesters.ts';

it('offers the requester typed last first, each name once', () => {
  expect(withRequester(['Bo', 'Ada'], ' ada ')).toEqual(['ada', 'Bo']);
  expect(withRequester(['Bo'], '  ')).toEqual(['Bo']);
  expect(
    withRequester(
      Array.from({ length: 200 }, (_, index) => `n${index}`),
      'new',
    ),
  ).toHaveLength(200);
});

it('proposes whom the typed beginning of a word may mean, and not what stands there already', () => {
  const names = ['Ada Lovelace', 'ada@example.org', 'Bo Lindqvist', 'Grace Hopper-Ada'];
  expect(proposeRequesters(names, 'ada')).toEqual(['Ada Lovelace', 'ada@example.org', 'Grace Hopper-Ada']);
  expect(proposeRequesters(names, ' L')).toEqual(['Ada Lovelace', 'Bo Lindqvist']);
  expect(proposeRequesters(['Jürgen Mu\u0308ller'], 'müll')).toHaveLength(1);
  expect(proposeRequesters(['Jürgen Mu\u0308ller'], 'jurgen\u00a0mull')).toHaveLength(1);
  expect(proposeRequesters(names, 'ovelace')).toEqual([]);
  expect(proposeRequesters(names, 'Ada Lovelace')).toEqual([]);
  expect(proposeRequesters(names, '')).toEqual(names);
});
