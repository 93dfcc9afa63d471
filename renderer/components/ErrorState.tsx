/** Where something could not be had: what happened, what was kept, and the way to try again. */
import { SmallButton } from './SmallButton.tsx';

export interface ErrorStateProps {
  /** What happened, as a short sentence. */
  title?: string;
  /** What it means, what was kept, what to do. */
  message: string;
  onRetry?: () => void;
}

export function ErrorState({ title, message, onRetry }: ErrorStateProps) {
  return (
    <div
      role="alert"
      className="d-flex flex-column align-items-center justify-content-center text-center gap-2 p-4 h-100"
    >
      {title && <p className="mb-0 fw-semibold">{title}</p>}
      <p className="mb-2 text-body-secondary lone-words">{message}</p>
      {onRetry && <SmallButton onClick={onRetry}>Try again</SmallButton>}
    </div>
  );
}
