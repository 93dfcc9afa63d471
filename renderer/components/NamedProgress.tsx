/** How far something is, with its name on the bar itself: React-Bootstrap gives that of a single one to what is around it. */
import { useMemo } from 'react';
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
  const quarter = Math.floor((4 * bar.now) / max);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step between two quarters would be too much to listen to.
  const said = useMemo(() => `${name}, ${bar['aria-valuetext'] ?? bar.label}`, [name, quarter]);
  return (
    <>
      <ProgressBar className={className}>
        <ProgressBar isChild aria-label={name} max={max} {...bar} />
      </ProgressBar>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
