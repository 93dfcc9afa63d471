import { describe, expect, it } from 'vitest';
import { charactersLeft, countCharacters, textProblem, textProblems } from './ticket-text.ts';

describe('the limits of typed text', () => {
  it('count characters as people see them in the contract: code points, not UTF-16 units', () => {
    expect(countCharacters('a😀b')).toBe(3);
    expect(textProblem('title', '😀'.repeat(200))).toBeNull();
    expect(textProblem('title', '😀'.repeat(201))).toBe(
      'Title is 1 character too long; at most 200 fit. Shorten it.',
    );
  });

  it('stay out of sight until they are near', () => {
    expect(charactersLeft('title', 'x'.repeat(179))).toBeNull();
    expect(charactersLeft('title', 'x'.repeat(180))).toBe(20);
    expect(charactersLeft('title', 'x'.repeat(203))).toBe(-3);
    expect(charactersLeft('description', 'x'.repeat(8_999))).toBeNull();
    expect(charactersLeft('description', 'x'.repeat(9_000))).toBe(1_000);
    expect(charactersLeft('description', '😀'.repeat(5_000))).toBeNull();
  });

  it('ask for a title and a requester, but not for a description', () => {
    expect(textProblems({ title: '  ', description: '', name: '' })).toEqual({
      title: 'Give the ticket a title.',
      name: 'Say who asks: a name, a mail address or an extension.',
    });
    expect(textProblems({ title: '\u200b', description: '', name: '\u202e\u00ad' })).toEqual({
      title: 'Give the ticket a title.',
      name: 'Say who asks: a name, a mail address or an extension.',
    });
    expect(textProblems({ title: 'Printer', description: '', name: 'Ada' })).toEqual({});
  });

  it('name text that no database could store', () => {
    expect(textProblem('description', 'a\0b')).toContain('NUL character');
    expect(textProblem('name', 'Ada\ud83d')).toContain('half of a character');
  });
});
