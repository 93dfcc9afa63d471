import { expect, it } from 'vitest';
import { withRequester } from './requesters.ts';

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
