/** How far something is, with its name on the bar itself: React-Bootstrap gives that of a single one to what is around it. */
import ProgressBar from 'react-bootstrap/ProgressBar';

export interface NamedProgressProps {
  name: string;
  now: number;
  max?: number;
  /** On the bar. */
  label?: string;
  /** What a screen reader says in place of a percentage. */
  'aria-valuetext'?: string;
  className?: string;
}

export function NamedProgress({ name, className = '', max = 100, ...bar }: NamedProgressProps) {
  return (
    <ProgressBar className={className}>
      <ProgressBar isChild aria-label={name} max={max} {...bar} />
    </ProgressBar>
  );
}
