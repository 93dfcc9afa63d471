/** Whether the keyboard says ⌘ where others say Ctrl. */
export const isMac: boolean = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);
