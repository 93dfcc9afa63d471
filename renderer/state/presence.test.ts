import { expect, it } from 'vitest';
import { presenceWords } from './presence.ts';

const at = (name: string, isTyping = false, place = name) => ({ place, agent: { id: name, name }, isTyping });

it('says who types and who looks, each by name and once', () => {
  expect(presenceWords([])).toBe('');
  expect(presenceWords([at('Bo')])).toBe('Bo looks at it');
  expect(presenceWords([at('Bo', true), at('Bo', false, 'other')])).toBe('Bo is typing');
  expect(presenceWords([at('Bo'), at('Cy', true), at('Di'), at('Ed')])).toBe(
    'Cy is typing · Bo, Di and Ed look at it',
  );
});
