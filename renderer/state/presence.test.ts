import { expect, it } from 'vitest';
import { presenceWords } from './presence.ts';

const at = (name: string, isTyping = false, place = name) => ({ place, agent: { id: name, name }, isTyping });
const words = (...present: ReturnType<typeof at>[]) =>
  presenceWords(present, (agent) => agent?.name ?? 'unknown');

it('says who types and who looks, each by name and once', () => {
  expect(words()).toBe('');
  expect(words(at('Bo'))).toBe('Bo looks at it');
  expect(words(at('Bo', true), at('Bo', false, 'other'))).toBe('Bo is typing');
  expect(words(at('Bo'), at('Cy', true), at('Di'), at('Ed'))).toBe('Cy is typing · Bo, Di and Ed look at it');
});

it('counts two of one name as two', () => {
  const two = [at('id-1111'), at('id-2222', true)];
  expect(presenceWords(two, (agent) => `Bo (${agent?.id.slice(-4)})`)).toBe(
    'Bo (2222) is typing · Bo (1111) looks at it',
  );
});
