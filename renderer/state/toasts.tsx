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
      setToasts((before) =>
        [...before, { durationMs: 6_000, tone: 'info' as const, ...toast, key }].slice(-maxToasts),
      );
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
