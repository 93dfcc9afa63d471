import { describe, expect, it } from 'vitest';
import { fieldNames, ticketFields, ticketValues } from '../../proto/ticket-fields.ts';
import { charactersLeft, fieldProblems, valuesToFile } from './form-values.ts';

const { title, description } = ticketFields;

function problems(values: Parameters<typeof ticketValues>[0]) {
  return fieldProblems(fieldNames, ticketValues({ title: 'Printer', name: 'Ada', ...values }));
}

describe('the limits of typed text', () => {
  it('count characters as people see them in the contract: code points, not UTF-16 units', () => {
    expect(problems({ title: '😀'.repeat(200) })).toEqual({});
    expect(problems({ title: '😀'.repeat(201) })).toEqual({
      title: 'Title is 1 character too long; at most 200 fit. Shorten it.',
    });
    expect(problems({ title: '😀'.repeat(500) }).title).toContain('is 300 characters too long');
  });

  it('stay out of sight until they are near', () => {
    expect(charactersLeft(title, 'x'.repeat(179))).toBeNull();
    expect(charactersLeft(title, 'x'.repeat(180))).toBe(20);
    expect(charactersLeft(title, 'x'.repeat(203))).toBe(-3);
    expect(charactersLeft(description, 'x'.repeat(8_999))).toBeNull();
    expect(charactersLeft(description, 'x'.repeat(9_000))).toBe(1_000);
    expect(charactersLeft(description, '😀'.repeat(5_000))).toBeNull();
  });

  it('ask for a title and a requester, but not for a description', () => {
    const unseen = {
      title: 'Give the ticket a title.',
      name: 'Say who asks: a name, a mail address or an extension.',
    };
    expect(problems({ title: '  ', name: '' })).toEqual(unseen);
    expect(problems({ title: '\u200b', name: '\u202e\u00ad' })).toEqual(unseen);
    expect(problems({})).toEqual({});
  });

  it('name text that no database could store', () => {
    expect(problems({ description: 'a\0b' }).description).toContain('NUL character');
    expect(problems({ name: 'Ada\ud83d' }).name).toContain('half of a character');
  });

  it('name the choices of a field that has another value', () => {
    expect(problems({ status: 'Lost' })).toEqual({
      status: 'Status must be New, In Progress, On Hold, Completed. Choose one of them.',
    });
  });
});

it('files a ticket without the blanks around its title and requester, and with those of its description', () => {
  const typed = ticketValues({ title: ' Printer ', description: ' twice\n', name: 'Ada ' });
  expect(valuesToFile(typed)).toMatchObject({ title: 'Printer', description: ' twice\n', name: 'Ada' });
});
