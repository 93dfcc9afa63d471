/** Where a person at the keyboard is, as the window tells it. */
import type { Page } from 'playwright-core';

/** Where the cursor is: the title of the row that it is on, what is open, and what has the keys. */
export interface Standing {
  cursor?: string | null;
  /** The titles of the rows that are chosen, and what the bar says of them. */
  chosen?: string[];
  bar?: string | null;
  open?: string | null;
  focus?: 'list' | 'title' | 'menu' | 'search' | 'reading';
  /** A message that stands. */
  says?: RegExp;
}

export const standingOf = (page: Page) =>
  page.evaluate(() => {
    const grid = document.querySelector('[data-ticket-list]');
    const row = document.getElementById(grid?.getAttribute('aria-activedescendant') ?? '');
    const at = document.activeElement;
    const places: [string, string][] = [
      ['[data-ticket-list]', 'list'],
      ['[data-field="title"]', 'title'],
      ['.dropdown-menu *', 'menu'],
      ['[type="search"]', 'search'],
      ['.panel-body', 'reading'],
    ];
    return {
      cursor: row?.querySelector('.cell-title')?.textContent ?? null,
      chosen: [...document.querySelectorAll('[role=row][aria-selected=true] .cell-title')].map(
        ({ textContent }) => textContent,
      ),
      bar: document.querySelector('.chosen-bar strong')?.textContent ?? null,
      open: document.querySelector('.panel-frame h2')?.textContent ?? null,
      focus: places.find(([selector]) => at?.matches(selector))?.[1] ?? at?.outerHTML.slice(0, 80),
      says: [...document.querySelectorAll('.toast')].map(({ textContent }) => textContent).join('\n'),
    };
  });

/** A key that needs a ticket was pressed while the cursor was on none. */
export const saysNotAtTicket = (focus: Standing['focus']): Standing => ({
  cursor: null,
  open: null,
  ...(focus ? { focus } : {}),
  says: /The cursor is on no ticket/,
});
