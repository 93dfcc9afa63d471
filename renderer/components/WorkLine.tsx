/** Work that goes on in the background, as a line below the list, where it moves no row. */
import type { ComponentProps, ReactNode } from 'react';
import { NamedProgress } from './NamedProgress.tsx';
import { SmallButton } from './SmallButton.tsx';

export interface WorkLineProps {
  /** What kind of work it is, for a screen reader. */
  label: string;
  words: string;
  /** Null: it does not go on. */
  progress: { name: string; now: number; max: number; text: string } | null;
  /** What can be done about it: WorkButton. */
  children: ReactNode;
}

export function WorkLine({ label, words, progress, children }: WorkLineProps) {
  return (
    <section
      aria-label={label}
      className="work-line d-flex flex-wrap align-items-center gap-2 px-3 py-1 border-top small"
    >
      {/* While it goes on, the bar says how far it is. */}
      <span className="text-break" role={progress ? undefined : 'status'}>
        {words}
      </span>
      {progress && (
        <NamedProgress
          className="flex-grow-1"
          name={progress.name}
          now={progress.now}
          max={Math.max(progress.max, 1)}
          aria-valuetext={progress.text}
        />
      )}
      <div className="d-flex align-items-center gap-2 ms-auto">{children}</div>
    </section>
  );
}

export function WorkButton(props: ComponentProps<'button'>) {
  return <SmallButton className="py-0" {...props} />;
}
