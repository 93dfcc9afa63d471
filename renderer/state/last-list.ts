/**
 * The list that was on the screen last: a picture of it is kept, and stands on the page at the next start until the page
 * has drawn one of its own.
 */
import type { ListPicture } from '../../proto/desktop-bridge.ts';

const elementId = 'last-list';
/** Without a list of its own by then the page says why (ms). */
const longestMs = 3_000;
/** For a window that nobody sees, which draws nothing (ms). */
const longestFrameMs = 100;

/** Resolves when the screen shows it: loading and drawing the page would come before that. At once where there is none. */
export async function lastListIsDrawn(): Promise<void> {
  if (!document.getElementById(elementId)) return;
  await new Promise((resolve) => {
    setTimeout(resolve, longestFrameMs);
    // What follows the frame's own work comes after it was drawn.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

/**
 * The page stands behind it, so that whoever begins to work works on the page itself. Before that there is nothing.
 * @returns drops it now, as the page has something else to show
 */
export function letLastListGo(): () => void {
  const waiting = new AbortController();
  const timer = setTimeout(dropLastList, longestMs);
  for (const event of ['keydown', 'pointerdown', 'wheel'])
    addEventListener(event, dropLastList, { once: true, capture: true, signal: waiting.signal });
  return () => {
    clearTimeout(timer);
    waiting.abort();
    dropLastList();
  };
}

/** The page has a list of its own, or says why not. */
export function dropLastList(): void {
  document.getElementById(elementId)?.remove();
}

/** @param asOf in words, when it was read */
export function pictureOf(frame: Element, asOf: string): ListPicture {
  const copy = frame.cloneNode(true) as Element;
  for (const part of [...copy.children]) if (!part.matches('.pane, .divider')) part.remove();
  // What was under way then may have ended.
  for (const line of copy.querySelectorAll('.work-line')) line.remove();
  // It says nothing of now, though it takes its room, and nothing looks for it.
  for (const mark of copy.querySelectorAll('.link-pane svg')) mark.remove();
  for (const words of copy.querySelectorAll('.link-pane span')) words.textContent = '\u00a0';
  // No key acts on a row at the start.
  for (const row of copy.querySelectorAll('.ticket-row.active')) row.classList.remove('active');
  for (const old of copy.querySelectorAll('[data-as-of]')) old.textContent = `as of ${asOf} · `;
  const rules: string[] = [];
  for (const element of [copy, ...copy.querySelectorAll<HTMLElement>('*')]) {
    const style = element.getAttribute('style');
    for (const { name } of [...element.attributes])
      if (/^(id|style|role|data-.*)$/.test(name)) element.removeAttribute(name);
    if (style === null) continue;
    element.setAttribute('data-at', `${rules.length}`);
    rules.push(`#${elementId} [data-at="${rules.length}"]{${style}}`);
  }
  return { html: copy.outerHTML, css: rules.join('\n') };
}
