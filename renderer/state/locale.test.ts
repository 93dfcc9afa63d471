import { afterEach, expect, it } from 'vitest';
import { countText, locale, setLocale } from './locale.ts';
import { exactTime, relativeTime } from './relative-time.ts';

afterEach(() => setLocale('en-US'));

it("writes numbers and times as the system's region does", () => {
  setLocale('de-DE');
  expect(countText(1204)).toBe('1.204');
  expect(relativeTime('2025-10-20T12:00:00Z', Date.parse('2026-11-24T12:00:00Z'))).toBe('20. Okt. 2025');
  expect(exactTime('2025-10-20T12:00:00Z')).toContain('20.10.2025');
  setLocale('en-US');
  expect(countText(1204)).toBe('1,204');
});

it('keeps to what it has where the system says no language that has a name', () => {
  setLocale('fr-FR');
  setLocale('not a tag');
  expect(locale()).toBe('fr-FR');
});
