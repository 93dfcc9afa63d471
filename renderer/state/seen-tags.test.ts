import { expect, it } from 'vitest';
import { proposeTags } from './seen-tags.ts';

it('proposes the tags of which a word begins with what is typed, however it is typed', () => {
  const seen = ['wi-fi', 'büro', 'vpn'];
  for (const typed of ['wi-fi', 'WI-', 'fi']) expect(proposeTags(seen, typed, [])).toEqual(['wi-fi']);
  for (const typed of ['bür', 'Bu\u0308ro', 'buro']) expect(proposeTags(seen, typed, [])).toEqual(['büro']);
  expect(proposeTags(seen, '', ['vpn'])).toEqual(['wi-fi', 'büro']);
});
