import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeyReader, type KeyPress, keyWords, latinKey, withholdComposingKeys } from './keys.ts';

const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({
  key,
  mod: false,
  alt: false,
  shift: false,
  typing: false,
  repeat: false,
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
    expect(read(press('h'))).toBeNull();
  });

  it('take g and then the key of a saved view for that view, unless a command has it', () => {
    const read = createKeyReader((key) => 'jo1'.includes(key));
    const answers = ['j', 'o', '1', 'k'].map((key) => [read(press('g')), read(press(key))][1]);
    expect(answers).toEqual([
      { view: 'j' },
      { command: 'view-open' },
      { view: '1' },
      { command: 'previous-ticket' },
    ]);
    expect(read(press('j'))).toEqual({ command: 'next-ticket' });
    read(press('g'));
    expect(read(press('j', { typing: true }))).toBeNull();
  });

  it('are not those with Alt, nor letters with Shift', () => {
    const read = createKeyReader();
    expect(read(press('n', { alt: true }))).toBeNull();
    expect(read(press('n', { shift: true }))).toBeNull();
    expect(read(press('n', { mod: true, shift: true }))).toBeNull();
  });

  it('with Shift run what is Shift and the letter, also while it is held down', () => {
    const read = createKeyReader();
    expect(read(press('j', { shift: true }))).toEqual({ command: 'choose-next' });
    expect(read(press('k', { shift: true, repeat: true }))).toEqual({ command: 'choose-previous' });
    expect(read(press('j', { shift: true, mod: true }))).toBeNull();
    expect(read(press('j', { shift: true, typing: true }))).toBeNull();
  });

  it('walk on while they are held down, and do nothing else twice', () => {
    const read = createKeyReader();
    expect(read(press('j', { repeat: true }))).toEqual({ command: 'next-ticket' });
    expect(read(press('Delete', { repeat: true }))).toBeNull();
    expect(read(press('g'))).toBe('first-of-two');
    expect(read(press('g', { repeat: true }))).toBeNull();
    expect(read(press('n'))).toEqual({ command: 'view-new' });
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

describe('keys of an input method', () => {
  const listening = () => {
    const page = new EventTarget();
    withholdComposingKeys(page);
    const seen: string[] = [];
    page.addEventListener('keydown', (event) => seen.push((event as KeyboardEvent).key));
    return { page, seen };
  };
  const keydown = (over: Partial<KeyboardEvent>) =>
    Object.assign(new Event('keydown', { cancelable: true }), { isComposing: false, keyCode: 0, ...over });

  it('reach no handler while a character is composed, however the system tells it', () => {
    const { page, seen } = listening();
    page.dispatchEvent(keydown({ key: 'Enter', isComposing: true }));
    page.dispatchEvent(keydown({ key: 'Process', isComposing: true, keyCode: 229 }));
    page.dispatchEvent(keydown({ key: 'Enter', keyCode: 229 }));
    page.dispatchEvent(keydown({ key: 'Enter', keyCode: 13 }));
    expect(seen).toEqual(['Enter']);
  });

  it('keep their effect in the field, but for the Escape that empties a search box', () => {
    const { page } = listening();
    expect(page.dispatchEvent(keydown({ key: 'ArrowLeft', isComposing: true }))).toBe(true);
    expect(page.dispatchEvent(keydown({ key: 'Escape', isComposing: true }))).toBe(false);
  });

  it('are told apart in one place, before the page is drawn', async () => {
    const folder = join(import.meta.dirname, '..');
    const files = (await readdir(folder, { recursive: true })).filter((file) => /\.tsx?$/.test(file));
    const sources = await Promise.all(
      files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })),
    );
    const asking = sources.filter(({ text }) => /isComposing|keyCode/.test(text));
    expect(asking.map(({ file }) => file).sort()).toEqual(['state/keys.test.ts', 'state/keys.ts']);
    // A listener of the window's own capture that was there first would hear the keys all the same.
    const main = sources.find(({ file }) => file === 'main.tsx')?.text ?? '';
    expect(main.indexOf('withholdComposingKeys(window)')).toBeGreaterThan(0);
    expect(main.indexOf('withholdComposingKeys(window)')).toBeLessThan(main.indexOf('createRoot('));
  });
});
