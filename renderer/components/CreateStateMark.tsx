/** How far a create has come: hollow, half and full circle, or a triangle. Never says more than is true. */
import type { ReactNode } from 'react';
import type { CreateState } from '../graphql/generated/operations.ts';
import { useOutboxPlace } from '../state/boot.tsx';

export function useCreateStateWords(): Record<CreateState, string> {
  const place = useOutboxPlace();
  return {
    QUEUED: `saved on ${place}`,
    SENT: 'sent, waiting for its number',
    STORED: 'stored',
    FAILED: "can't be stored as it is",
  };
}

const ring = <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.75" />;

const shapes: Record<CreateState, ReactNode> = {
  QUEUED: ring,
  SENT: (
    <>
      {ring}
      <path d="M8 3a5 5 0 0 0 0 10Z" fill="currentColor" />
    </>
  ),
  STORED: <circle cx="8" cy="8" r="4" fill="currentColor" />,
  FAILED: (
    <path
      d="M8 2.2 14.4 13.4H1.6ZM8 6.4v3.2M8 11.4v.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
      strokeLinecap="round"
    />
  ),
};

const tones: Record<CreateState, string> = {
  QUEUED: 'text-body',
  SENT: 'text-body',
  STORED: 'text-body-tertiary',
  FAILED: 'text-danger-emphasis',
};

/** The mark alone; a screen reader hears its words. */
export function CreateStateMark({ state }: { state: CreateState }) {
  const words = useCreateStateWords();
  return (
    <svg viewBox="0 0 16 16" className={`glyph ${tones[state]}`} role="img" aria-label={words[state]}>
      {shapes[state]}
    </svg>
  );
}
