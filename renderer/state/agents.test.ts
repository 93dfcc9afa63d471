import { expect, it } from 'vitest';
import { agentOptions } from './agents.ts';

it('offers no two by the same words, be it the name of two, of nobody, or as one calls oneself', () => {
  const people = [
    ['id-1111', 'Bo'],
    ['id-2222', 'Bo'],
    ['id-3333', 'Nobody'],
    ['id-4444', 'Ada (me)'],
    ['id-5555', 'Ada'],
    ['id-6666', '\u202eC\u202cy'],
  ] as const;
  const others = people.map(([id, name]) => ({ id, name }));
  const { me, others: offered } = agentOptions({
    me: { id: 'id-0000', name: 'Ada' },
    others,
    look() {},
  });
  expect([...me, ...offered].map(({ label }) => label)).toEqual([
    'Ada (me)',
    'Bo (1111)',
    'Bo (2222)',
    'Nobody (3333)',
    'Ada (me) (4444)',
    'Ada',
    'Cy',
  ]);
});
