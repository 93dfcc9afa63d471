/** Light, dark, or whatever the system is at the moment. */
import { useSyncExternalStore } from 'react';
import { emitter } from './emitter.ts';
import { remember, remembered } from './remembered.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const changed = emitter<void>();
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

function currentTheme(): Theme {
  const theme = remembered('theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function setTheme(theme: Theme): void {
  remember('theme', theme);
  applyTheme();
  changed.emit();
}

export function useTheme(): Theme {
  return useSyncExternalStore(changed.listen, currentTheme);
}

/** Follows the system from now on, where the person chose nothing else. Call once, before the first render. */
export function followTheme(): void {
  applyTheme();
  systemIsDark.addEventListener('change', applyTheme);
}

function applyTheme(): void {
  const theme = currentTheme();
  const dark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.dataset.bsTheme = dark ? 'dark' : 'light';
}
