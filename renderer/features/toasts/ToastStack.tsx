/** Short messages at the bottom left, where the sidebar makes room: read aloud politely, gone by themselves, waiting while they are pointed at. */
import { useEffect, useRef, useState } from 'react';
import CloseButton from 'react-bootstrap/CloseButton';
import { WordButton } from '../../components/SmallButton.tsx';
import { useChanges } from '../../state/changes.ts';
import { useCommand } from '../../state/commands.ts';
import { dismissToast, type Toast, useToasts } from '../../state/toasts.ts';

export function ToastStack() {
  const toasts = useToasts();
  const changes = useChanges();
  useCommand('undo', () => changes.run('done'));
  useCommand('redo', () => changes.run('undone'));
  return (
    <section className="messages" aria-label="Messages" aria-live="polite">
      {toasts.map((toast) => (
        <ToastItem key={toast.key} toast={toast} onLeave={() => dismissToast(toast.key)} />
      ))}
    </section>
  );
}

/** Bootstrap's toast, without react-bootstrap's own role="alert": these interrupt nobody. */
function ToastItem({ toast, onLeave }: { toast: Toast; onLeave(): void }) {
  const hold = useLeaving(toast.durationMs, onLeave);
  return (
    <div className="toast show bg-body" aria-atomic="true" {...hold}>
      <div className="d-flex align-items-start gap-2 px-3 py-2">
        <div className={`flex-grow-1 text-break ${toast.tone === 'danger' ? 'text-danger-emphasis' : ''}`}>
          {toast.text}
          {toast.times > 1 && <span className="text-body-secondary"> ({toast.times} times)</span>}
          {toast.action && (
            <WordButton
              className="d-block p-0 fw-semibold"
              onClick={() => {
                onLeave();
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </WordButton>
          )}
        </div>
        <CloseButton className="small flex-shrink-0" aria-label="Dismiss" onClick={onLeave} />
      </div>
    </div>
  );
}

/** Leaves after its time, which stands still while the toast is pointed at or focused. */
function useLeaving(durationMs: number, onLeave: () => void) {
  const [held, setHeld] = useState(false);
  const leftMs = useRef(durationMs);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    if (held) return;
    const started = performance.now();
    const timer = setTimeout(() => leave.current(), leftMs.current);
    return () => {
      clearTimeout(timer);
      leftMs.current = Math.max(2_000, leftMs.current - (performance.now() - started));
    };
  }, [held]);
  const on = () => setHeld(true);
  const off = () => setHeld(false);
  return { onMouseEnter: on, onMouseLeave: off, onFocus: on, onBlur: off };
}
