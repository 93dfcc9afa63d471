import { describe, expect, it } from 'vitest';
import { isVisible, quoted, shownText } from './visible-text.ts';

describe('a text is visible', () => {
  it.each([
    'a',
    ' a ',
    '0',
    '-',
    '\u05e9\u05dc\u05d5\u05dd',
    '\u6f22',
    '\ud83d\udc69\u200d\ud83d\udcbb',
    'e\u0301',
    '\u200b.',
    '\u202ea',
    '\u0600',
    // Assigned by no edition of Unicode yet.
    '\u{1faff}\u{3ffff}',
    '\ue000',
  ])('with something to see in it: %j', (text) => {
    expect(isVisible(text)).toBe(true);
  });

  it.each([
    '',
    ' \t\n',
    '\u200b',
    '\u200b \u200d\u2060',
    '\u00a0\u3000',
    '\u00ad',
    '\u200e\u200f',
    '\u202e',
    '\u2066\u2069',
    '\ufeff',
    '\u2800',
    '\u3164',
    '\u115f\u1160\uffa0',
    '\u034f',
    '\u0301',
    '\ufe0f',
    '\u180e',
    '\u0007\u001b',
    '\u2028\u2029',
    '\u{e0001}\u{e0041}',
  ])('but not without: %j', (text) => {
    expect(isVisible(text)).toBe(false);
    expect(shownText(text)).toBe('(no visible text)');
  });
});

describe('shown beside other texts', () => {
  it('it is as it was typed, but for what would turn it or them around', () => {
    expect(shownText('Printer \u05e9\u05dc\u05d5\u05dd')).toBe('Printer \u05e9\u05dc\u05d5\u05dd');
    expect(shownText('\u202egnp.exe')).toBe('gnp.exe');
    expect(shownText('\u2069\u202ab\u2067c\u202c')).toBe('bc');
    expect(shownText('\u05d0\u200f!')).toBe('\u05d0\u200f!');
  });

  it('it is isolated within a sentence where its direction may be another', () => {
    expect(quoted('Printer')).toBe('“Printer”');
    expect(quoted('\u202ePrinter')).toBe('“Printer”');
    expect(quoted('\u05e9\u05dc\u05d5\u05dd')).toBe('“\u2068\u05e9\u05dc\u05d5\u05dd\u2069”');
    expect(quoted('\u200b')).toBe('“(no visible text)”');
  });

  it('a long one is cut within a sentence, so that what is said of it stays in sight', () => {
    expect(quoted('x'.repeat(60))).toBe(`“${'x'.repeat(60)}”`);
    expect(quoted('🦊'.repeat(61))).toBe(`“${'🦊'.repeat(60)}…”`);
  });
});
