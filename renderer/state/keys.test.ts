import { describe, expect, it } from 'vitest';
import { createKeyReader, type KeyPress, keyWords, latinKey } from './keys.ts';

const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({
  key,
  mod: false,
  alt: false,
  shift: false,
  typing: false,
  atMs: 0,
  ...over,
});

describe('keys', () => {
  it('run their commands', () => {
    const read = createKeyReader();
    expect(read(press('n'))).toEqual({ command: 'new-ticket' });
    expect(read(press('/'))).toEqual({ command: 'search' });
    expect(read(press('?', { shift: true }))).toEqual({ command: 'shortcuts' });
    expect(read(press('Delete'))).toEqual({ command: 'delete-ticket' });
    expect(read(press('k', { mod: true }))).toEqual({ command: 'palette' });
    expect(read(press('Enter', { mod: true }))).toEqual({ command: 'file-ticket' });
    expect(read(press('q'))).toBeNull();
  });

  it('rest while a text field has the focus, all but the menu keys', () => {
    const read = createKeyReader();
    for (const key of ['n', '/', 'j', '?', 'g', 'Delete']) {
      expect(read(press(key, { typing: true }))).toBeNull();
    }
    // Ctrl+Z in a text field is the field's own.
    expect(read(press('z', { typing: true, mod: true }))).toBeNull();
    expect(read(press('n', { typing: true, mod: true }))).toEqual({ command: 'new-ticket' });
  });

  it('take g and then a letter for a view, in time only', () => {
    const read = createKeyReader();
    expect(read(press('g'))).toBe('first-of-two');
    expect(read(press('n', { atMs: 1_000 }))).toEqual({ command: 'view-new' });
    expect(read(press('g', { atMs: 2_000 }))).toBe('first-of-two');
    expect(read(press('n', { atMs: 4_000 }))).toEqual({ command: 'new-ticket' });
  });

  it('forget the g when the next key is none of its letters', () => {
    const read = createKeyReader();
    read(press('g'));
    expect(read(press('j'))).toEqual({ command: 'next-ticket' });
    expect(read(press('p'))).toBeNull();
  });

  it('are not those with Alt, nor letters with Shift', () => {
    const read = createKeyReader();
    expect(read(press('n', { alt: true }))).toBeNull();
    expect(read(press('n', { shift: true }))).toBeNull();
    expect(read(press('n', { mod: true, shift: true }))).toBeNull();
  });

  it('work by their place on a keyboard with other letters', () => {
    expect(latinKey('т', 'KeyN')).toBe('n');
    expect(latinKey('N', 'KeyN')).toBe('n');
    expect(latinKey('y', 'KeyZ')).toBe('y');
    expect(latinKey('Enter', 'Enter')).toBe('Enter');
  });

  it('are written as the keyboard at hand has them', () => {
    expect(keyWords('CmdOrCtrl+N', false)).toEqual(['Ctrl', 'N']);
    expect(keyWords('CmdOrCtrl+,', true)).toEqual(['⌘', ',']);
    expect(keyWords('g o', false)).toEqual(['g', 'o']);
  });
});
