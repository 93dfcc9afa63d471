/** Where there is nothing: one sentence, and what to do about it. */
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  title: string;
  text?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, text, action }: EmptyStateProps) {
  return (
    <div className="d-flex flex-column align-items-center justify-content-center text-center gap-2 p-4 h-100">
      <p className="mb-0 fw-semibold text-break">{title}</p>
      {text && <p className="mb-0 text-body-secondary lone-words">{text}</p>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
