import { useEffect } from 'react';

const items = '.dropdown-item:not(.disabled, :disabled, [aria-disabled="true"])';

/** Home and End go to the first and the last of an open menu, as the arrows, which the menus bring, go to the next. */
export function useMenuKeys(): void {
  useEffect(() => {
    const go = (event: KeyboardEvent) => {
      const { key, target } = event;
      if ((key !== 'Home' && key !== 'End') || !(target instanceof Element)) return;
      const all = target.closest('[role=menu]')?.querySelectorAll<HTMLElement>(items);
      // In a field of the menu they go through what is typed.
      if (!all?.length || target.matches('input, textarea, select')) return;
      event.preventDefault();
      all[key === 'Home' ? 0 : all.length - 1]?.focus();
    };
    document.addEventListener('keydown', go);
    return () => document.removeEventListener('keydown', go);
  }, []);
}
