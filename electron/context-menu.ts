/** What a right click on text offers, which Electron leaves to the app: corrections, cut, copy, paste, select all. */
import type { App, ContextMenuParams, MenuItemConstructorOptions, WebContents } from 'electron';

/** In every window, in text fields and on text that is selected. */
export function setupContextMenu(app: App, show: (template: MenuItemConstructorOptions[]) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('context-menu', (_click, params) => {
      const template = contextMenu(params, contents);
      if (template.length > 0) show(template);
    });
  });
}

export type Clicked = Pick<
  ContextMenuParams,
  'isEditable' | 'selectionText' | 'editFlags' | 'misspelledWord' | 'dictionarySuggestions'
>;

/** Empty where there is nothing to offer. */
export function contextMenu(
  { isEditable, selectionText, editFlags, misspelledWord, dictionarySuggestions }: Clicked,
  contents: Pick<WebContents, 'replaceMisspelling' | 'session'>,
): MenuItemConstructorOptions[] {
  const copy: MenuItemConstructorOptions = { role: 'copy', enabled: editFlags.canCopy };
  if (!isEditable) return selectionText.trim() === '' ? [] : [copy];
  return [
    ...(misspelledWord === '' ? [] : corrections(misspelledWord, dictionarySuggestions, contents)),
    { role: 'cut', enabled: editFlags.canCut },
    copy,
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}

function corrections(
  word: string,
  suggestions: readonly string[],
  contents: Pick<WebContents, 'replaceMisspelling' | 'session'>,
): MenuItemConstructorOptions[] {
  const found = suggestions.map((suggestion) => ({
    label: suggestion,
    click: () => contents.replaceMisspelling(suggestion),
  }));
  return [
    ...(found.length > 0 ? found : [{ label: 'No suggestions', enabled: false }]),
    {
      label: `Add “${word}” to the dictionary`,
      click: () => void contents.session.addWordToSpellCheckerDictionary(word),
    },
    { type: 'separator' },
  ];
}
