/** Short messages that leave by themselves. They never carry the only copy of anything. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';

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

export interface Toasts {
  /** Shows a toast; answers the way to take it away before its time. */
  show(toast: ToastOptions): () => void;
}

interface ToastList {
  toasts: readonly Toast[];
  dismiss(key: number): void;
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

const ToastsContext = createContext<Toasts | null>(null);
const ToastListContext = createContext<ToastList | null>(null);

export function ToastsProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextKey = useRef(1);
  const dismiss = useCallback(
    (key: number) => setToasts((before) => before.filter((toast) => toast.key !== key)),
    [],
  );
  const show = useCallback(
    (toast: ToastOptions) => {
      const key = nextKey.current++;
      setToasts((before) => withToast(before, toast, key));
      return () => dismiss(key);
    },
    [dismiss],
  );
  const api = useMemo(() => ({ show }), [show]);
  const list = useMemo(() => ({ toasts, dismiss }), [toasts, dismiss]);
  return (
    <ToastsContext value={api}>
      <ToastListContext value={list}>{children}</ToastListContext>
    </ToastsContext>
  );
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (!toasts) throw new Error('useToasts needs a ToastsProvider above it');
  return toasts;
}

/** For the one view that shows them (features/toasts). */
export function useToastList(): ToastList {
  const list = useContext(ToastListContext);
  if (!list) throw new Error('useToastList needs a ToastsProvider above it');
  return list;
}
