import type { EditFlags, WebContents } from 'electron';
import { expect, test } from 'vitest';
import { type Clicked, contextMenu } from './context-menu.ts';

const all: EditFlags = {
  canUndo: true,
  canRedo: true,
  canCut: true,
  canCopy: true,
  canPaste: true,
  canDelete: true,
  canSelectAll: true,
  canEditRichly: false,
};

function clickOn(over: Partial<Clicked>) {
  const done: string[] = [];
  const contents = {
    replaceMisspelling: (word: string) => done.push(`replaced by ${word}`),
    session: {
      addWordToSpellCheckerDictionary(word: string) {
        done.push(`learnt ${word}`);
        return true;
      },
    },
  } as unknown as WebContents;
  const clicked = {
    isEditable: true,
    selectionText: '',
    editFlags: all,
    misspelledWord: '',
    dictionarySuggestions: [],
  };
  const items = contextMenu({ ...clicked, ...over }, contents);
  const names = items.map(({ role, label, type }) => role ?? label ?? type);
  const press = (wanted: string) => {
    const click = items.find(({ label }) => label === wanted)?.click as (() => void) | undefined;
    click?.();
  };
  return { items, names, press, done };
}

test('a text field offers cut, copy, paste and select all, each as far as it is possible', () => {
  const { items, names } = clickOn({ editFlags: { ...all, canCut: false, canCopy: false } });
  expect(names).toEqual(['cut', 'copy', 'paste', 'separator', 'selectAll']);
  expect(items.map(({ enabled }) => enabled)).toEqual([false, false, true, undefined, true]);
});

test('a misspelt word offers its corrections first, and to be learnt', () => {
  const { names, press, done } = clickOn({
    misspelledWord: 'prnter',
    dictionarySuggestions: ['printer', 'pinter'],
  });
  expect(names.slice(0, 4)).toEqual(['printer', 'pinter', 'Add “prnter” to the dictionary', 'separator']);
  press('printer');
  press('Add “prnter” to the dictionary');
  expect(done).toEqual(['replaced by printer', 'learnt prnter']);
});

test('a word that nothing is known for says so', () => {
  expect(clickOn({ misspelledWord: 'xqzt' }).names[0]).toBe('No suggestions');
});

test('text that is read can be copied; on nothing there is no menu', () => {
  expect(clickOn({ isEditable: false, selectionText: 'Printer' }).names).toEqual(['copy']);
  expect(clickOn({ isEditable: false, selectionText: ' ' }).names).toEqual([]);
});
