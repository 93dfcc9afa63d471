/** The whole page, when the desk could not be opened: what happened, what was kept, what to do. */
import Button from 'react-bootstrap/Button';

export interface ProblemPageProps {
  title: string;
  message: string;
  onRetry?: () => void;
}

export function ProblemPage({ title, message, onRetry }: ProblemPageProps) {
  return (
    <main className="d-flex h-100 align-items-center justify-content-center p-4">
      <div role="alert" className="problem">
        <h1 className="h4">{title}</h1>
        <p className="problem-words">{message}</p>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </div>
    </main>
  );
}
