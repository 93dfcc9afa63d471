/** What went wrong, said where it did; nothing while nothing has. */
import Alert from 'react-bootstrap/Alert';

export interface ProblemProps {
  text: string | null | undefined;
  className?: string;
}

export function Problem({ text, className = 'py-2 px-3 small' }: ProblemProps) {
  if (!text) return null;
  return (
    <Alert variant="danger" className={className}>
      {text}
    </Alert>
  );
}
