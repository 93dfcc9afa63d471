/** Development alone: shows a rebuilt renderer without a restart. */
import { watch } from 'node:fs';
import { sep } from 'node:path';
import type { BrowserWindow } from 'electron';
import { ifOpen } from './window.ts';

/** A build writes many files; the page is loaded once they have settled. */
const settleMs = 150;

/** @returns what ends the watching */
export function setupLiveReload(window: BrowserWindow, outDir: string): () => void {
  let timer: NodeJS.Timeout | undefined;
  // The folder above is watched, as a build may put a whole new renderer folder in its place.
  const watcher = watch(outDir, { recursive: true }, (_event, path) => {
    if (path?.split(sep)[0] !== 'renderer') return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      ifOpen(window)?.webContents.reloadIgnoringCache();
    }, settleMs);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
