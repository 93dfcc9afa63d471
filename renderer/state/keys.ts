/** Which key runs which command: the keys of proto/commands.json; and whose a key press is. */
import { type CommandId, commands } from './command-registry.ts';

export interface KeyPress {
  /** As KeyboardEvent.key; a letter in lower case unless it is the only sign of Shift. */
  key: string;
  /** Ctrl, or ⌘ on a Mac. */
  mod: boolean;
  alt: boolean;
  shift: boolean;
  /** A text field, or a dialog of its own, has the focus: single keys rest. */
  typing: boolean;
  /** The key is held down. */
  repeat: boolean;
  /** Milliseconds of any clock that only goes forward. */
  atMs: number;
}

/** A command to run; or the first key of two ("g" of "g o"); or the key of a view after "g"; or nothing of ours. */
export type KeyAnswer = { command: CommandId } | { view: string } | 'first-of-two' | null;

/** Whether the keyboard says ⌘ where others say Ctrl. */
export const isMac: boolean = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const sequenceMs = 1_500;
/** A key that is held down walks through the list, and does nothing else a second time. */
const repeatable: readonly CommandId[] = ['next-ticket', 'previous-ticket', 'choose-next', 'choose-previous'];

interface Binding {
  command: CommandId;
  first: string | null;
  key: string;
  mod: boolean;
  /** With Shift, which makes another key of a letter. */
  shift: boolean;
  /** A menu's key works everywhere; a single key rests in text fields. */
  everywhere: boolean;
}

const bindings: readonly Binding[] = commands.flatMap((command) => [
  ...(command.accelerator ? [binding(command.id, command.accelerator, true)] : []),
  ...(command.key ? [binding(command.id, command.key, false)] : []),
  ...('otherKey' in command ? [binding(command.id, command.otherKey, false)] : []),
]);

function binding(command: CommandId, keys: string, everywhere: boolean): Binding {
  const [first, second] = keys.split(' ');
  const mod = keys.startsWith('CmdOrCtrl+');
  const shift = /(^|\+)Shift\+/.test(keys);
  const last = (second ?? first ?? '').replace(/^(CmdOrCtrl\+)?(Shift\+)?/, '');
  return {
    command,
    first: second === undefined ? null : (first ?? null),
    key: last.length === 1 ? last.toLowerCase() : last,
    mod,
    shift,
    everywhere,
  };
}

/**
 * Reads key presses one after the other, and remembers the first of two.
 * @param hasView whether a saved view has this key behind "g"
 */
export function createKeyReader(
  hasView: (key: string) => boolean = () => false,
): (press: KeyPress) => KeyAnswer {
  let begun: { key: string; untilMs: number } | null = null;
  return (press) => {
    if (press.repeat && !bindings.some((each) => repeatable.includes(each.command) && matches(each, press)))
      return null;
    const first = begun && begun.untilMs >= press.atMs ? begun.key : null;
    begun = null;
    if (press.alt) return null;
    const plain = !press.mod && !press.typing;
    const second = bindings.find((candidate) => candidate.first === first && matches(candidate, press));
    if (!second && first === 'g' && plain && !press.shift && hasView(press.key)) return { view: press.key };
    const found =
      second ?? bindings.find((candidate) => candidate.first === null && matches(candidate, press));
    if (found) return { command: found.command };
    if (!plain || !bindings.some((candidate) => candidate.first === press.key)) return null;
    begun = { key: press.key, untilMs: press.atMs + sequenceMs };
    return 'first-of-two';
  };
}

function matches({ key, mod, shift, everywhere }: Binding, press: KeyPress): boolean {
  if (press.typing && !everywhere) return false;
  // Shift makes another key of a letter; of "?" it is a part.
  const isPart = !mod && !/^[a-z]$|^.{2,}$/.test(key);
  return press.key === key && press.mod === mod && (isPart || press.shift === shift);
}

/** The keys of a command for the eye: the menu's where there is one, else the single key. */
export function keysOf({ accelerator, key }: { accelerator: string | null; key: string | null }): string[] {
  return [accelerator, key].filter((keys) => keys !== null);
}

/** "CmdOrCtrl+N" as the caps of this keyboard: ["Ctrl", "N"], ["⌘", "N"]; "g o" as ["g", "o"]. */
export function keyWords(keys: string, mac: boolean): string[] {
  return keys.split(/ |\+(?=.)/).map((word) => (word === 'CmdOrCtrl' ? (mac ? '⌘' : 'Ctrl') : word));
}

/** The letter that the key would be on a Latin keyboard, so that commands work on a Cyrillic or Greek one. */
export function latinKey(key: string, code: string): string {
  if (key.length !== 1) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const foreign = key.charCodeAt(0) > 127;
  return (foreign && letter ? letter : key).toLowerCase();
}

/**
 * While an input method composes a character, Enter, Escape and the arrows are its own. No handler of the page
 * gets to see them: neither ours nor those inside a component of Bootstrap's. Call before any other listens.
 */
export function withholdComposingKeys(page: EventTarget): void {
  for (const type of ['keydown', 'keypress', 'keyup']) {
    page.addEventListener(type, withholdComposing, { capture: true });
  }
}

function withholdComposing(event: Event): void {
  const { isComposing, keyCode, key, type } = event as KeyboardEvent;
  // Safari ends the composition before it tells the key that ended it; that press still bears the code 229.
  if (!isComposing && keyCode !== 229) return;
  event.stopImmediatePropagation();
  // The browser itself empties a search box on Escape, and sends a form on Enter's keypress. Other keys keep their
  // effect: an arrow may end the composition and then move the cursor.
  if (key === 'Escape' || type === 'keypress') event.preventDefault();
}
