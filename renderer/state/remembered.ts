/** Small preferences of this window (widths, order, theme), kept on this computer. Never the only copy of anything. */

const prefix = 'ticket-desk-';

/** What was remembered; null when nothing was, or storage is refused. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // A preference that can't be kept is worth no message.
  }
}
