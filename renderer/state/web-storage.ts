/** The browser's small storages. What one refuses, or is too full for, lasts as long as the page. */

class WebStorage {
  readonly #name: 'localStorage' | 'sessionStorage';
  readonly #refused = new Map<string, string>();

  constructor(name: 'localStorage' | 'sessionStorage') {
    this.#name = name;
  }

  read(key: string): string | null {
    const refused = this.#refused.get(key);
    if (refused !== undefined) return refused;
    try {
      return window[this.#name].getItem(key);
    } catch {
      return null;
    }
  }

  /** null: nothing is kept any more. */
  write(key: string, value: string | null): void {
    this.#refused.delete(key);
    try {
      if (value === null) window[this.#name].removeItem(key);
      else window[this.#name].setItem(key, value);
    } catch {
      if (value !== null) this.#refused.set(key, value);
    }
  }
}

/** Of all tabs, and of the next start. */
export const ofThisBrowser = new WebStorage('localStorage');

/** Outlives a reload, and ends with the tab. */
export const ofThisTab = new WebStorage('sessionStorage');

const prefix = 'ticket-desk-';

/** A small preference of this window (a width, an order, the theme); null when nothing was remembered. Never the only copy of anything. */
export function remembered(name: string): string | null {
  return ofThisBrowser.read(prefix + name);
}

export function remember(name: string, value: string): void {
  ofThisBrowser.write(prefix + name, value);
}
