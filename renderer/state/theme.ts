/** Light, dark, or whatever the system is at the moment. */
import type { Theme } from '../../proto/desktop-bridge.ts';
import { Store, useStore } from './store.ts';
import { remember, remembered } from './web-storage.ts';

export const themes = ['system', 'light', 'dark'] as const satisfies readonly Theme[];

const chosen = new Store<Theme>(themes.find((theme) => theme === remembered('theme')) ?? 'system');
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
/** Paper is light. */
const onPaper = matchMedia('print');

export function setTheme(theme: Theme): void {
  remember('theme', theme);
  chosen.set(theme);
  void window.desk?.keepTheme(theme);
  applyTheme();
}

export const useTheme = (): Theme => useStore(chosen);

/** Follows the system from now on, where the person chose nothing else. Call once, before the first render. */
export function followTheme(): void {
  applyTheme();
  // The window is of another theme where an earlier version has kept it here alone.
  if (chosen.state() !== 'system') void window.desk?.keepTheme(chosen.state());
  for (const media of [systemIsDark, onPaper]) media.addEventListener('change', applyTheme);
}

function applyTheme(): void {
  const theme = chosen.state();
  const dark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.dataset.bsTheme = dark && !onPaper.matches ? 'dark' : 'light';
}
