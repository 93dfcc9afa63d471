/**
 * What is typed while the page is still being loaded. The list that was there last may be on the screen by then, and who
 * sees it begins to work: of what is begun with no ticket the keys are kept, and given to the page once it is there.
 */
import { commands } from './command-registry.ts';

/** Those of a ticket would act on one that nobody has seen yet. */
const beginners: readonly (string | null)[] = commands
  .filter(({ id }) => id === 'search' || id === 'new-ticket')
  .map(({ key }) => key);
/** More is no work that was begun (ms, and characters). */
const longestMs = 10_000;
const most = 200;

let kept: KeyboardEvent[] = [];

/** Call before anything else of the page runs. */
export function keepEarlyKeys(): void {
  document.addEventListener('keydown', keep);
}

function keep(event: KeyboardEvent): void {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const isBegun = kept.length > 0 || beginners.includes(event.key);
  if (!isPlain || !isBegun || event.target !== document.body || kept.length >= most) return;
  // A browser of its own accord looks for what is typed after "/".
  event.preventDefault();
  kept.push(event);
}

/** Call once the page answers keys. */
export function giveEarlyKeys(): void {
  document.removeEventListener('keydown', keep);
  const [first, ...rest] = kept;
  kept = [];
  if (!first || isTooOld(first)) return;
  const { key, code } = first;
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }));
  const text = textOf(rest);
  if (text === '') return;
  if (isField(document.activeElement)) write(text);
  else writeOnceInField(text, first);
}

/** What stands around a field may have the focus before it, while a draft is still being read. */
function writeOnceInField(text: string, first: KeyboardEvent): void {
  const waiting = new AbortController();
  const onFocus = ({ target }: FocusEvent) => {
    if (!isField(target)) return;
    waiting.abort();
    if (!isTooOld(first)) write(text);
  };
  document.addEventListener('focusin', onFocus, { signal: waiting.signal });
}

function isTooOld({ timeStamp }: KeyboardEvent): boolean {
  return performance.now() - timeStamp > longestMs;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, textarea');
}

/** As typing does, so that the page hears of it and the browser can take it back. */
function write(text: string): void {
  document.execCommand('insertText', false, text);
}

/** Up to the first key that writes nothing. */
function textOf(presses: readonly KeyboardEvent[]): string {
  const letters: string[] = [];
  for (const { key } of presses) {
    if (key === 'Backspace') letters.pop();
    else if ([...key].length === 1) letters.push(key);
    else if (key !== 'Shift') break;
  }
  return letters.join('');
}
