/** Short messages that leave by themselves. They never carry the only copy of anything. */
import { readFailure } from './failure.ts';
import { Store, useStore } from './store.ts';

export interface ToastOptions {
  text: string;
  action?: { label: string; run(): void };
  /** Milliseconds until it leaves; 6,000 when left out. */
  durationMs?: number;
  tone?: 'info' | 'danger';
}

export interface Toast extends ToastOptions {
  key: number;
  /** How often it was said in a row. */
  times: number;
  durationMs: number;
  tone: 'info' | 'danger';
}

const maxToasts = 4;

/** The same words again are one toast, with their number; one that offers something stands for itself. */
export function withToast(before: readonly Toast[], toast: ToastOptions, key: number): readonly Toast[] {
  const added: Toast = { durationMs: 6_000, tone: 'info', ...toast, key, times: 1 };
  const same = toast.action
    ? undefined
    : before.find(({ text, tone, action }) => text === added.text && tone === added.tone && !action);
  const others = before.filter((other) => other !== same);
  return [...others, { ...added, times: (same?.times ?? 0) + 1 }].slice(-maxToasts);
}

const shown = new Store<readonly Toast[]>([]);
let lastKey = 0;

/** @returns takes it away before its time. */
export function showToast(toast: ToastOptions): () => void {
  lastKey += 1;
  const key = lastKey;
  shown.set(withToast(shown.state(), toast, key));
  return () => dismissToast(key);
}

/** Says why something that the person asked for was not done. */
export function showFailure(thrown: unknown): void {
  showToast({ text: readFailure(thrown).message, tone: 'danger' });
}

export function dismissToast(key: number): void {
  shown.set(shown.state().filter((toast) => toast.key !== key));
}

/** For the one view that shows them (features/toasts). */
export const useToasts = (): readonly Toast[] => useStore(shown);
