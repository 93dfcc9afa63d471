/** The shape of what is coming, after a wait that is long enough to notice. */
import { type ReactNode, useEffect, useState } from 'react';
import Placeholder from 'react-bootstrap/Placeholder';

/** Shows nothing for the first 300 ms: what comes sooner needs no sign of waiting. */
export function AfterAWhile({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

const widths = [10, 7, 9, 5, 8, 6] as const;

/** Lines of text to come. */
export function Skeleton({ rows }: { rows: number }) {
  return (
    <AfterAWhile>
      <Placeholder as="div" animation="glow" aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key, row) => (
          <Placeholder key={key} xs={widths[row % widths.length] ?? 8} className="d-block mb-2 rounded" />
        ))}
      </Placeholder>
    </AfterAWhile>
  );
}
