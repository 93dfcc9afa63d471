/** Small preferences of this window (widths, order, theme), kept on this computer. Never the only copy of anything. */
import { ofThisBrowser } from './web-storage.ts';

const prefix = 'ticket-desk-';

/** What was remembered; null when nothing was. */
export function remembered(name: string): string | null {
  return ofThisBrowser.read(prefix + name);
}

export function remember(name: string, value: string): void {
  ofThisBrowser.write(prefix + name, value);
}
