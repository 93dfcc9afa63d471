/** A choice of a ticket: its word and a mark of its own shape, so that colour is never the only sign. */
import type { ReactNode } from 'react';
import { type ChoiceFieldName, type FieldName, fieldOf } from '../../proto/ticket-fields.ts';

interface Mark {
  tone: string;
  shape: ReactNode;
}

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, strokeLinecap: 'round' } as const;

const marks: Record<ChoiceFieldName, Record<string, Mark>> & { [F in FieldName]?: Record<string, Mark> } = {
  status: {
    New: { tone: 'text-primary-emphasis', shape: <path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" {...stroke} /> },
    'In Progress': {
      tone: 'text-info-emphasis',
      shape: <path d="M2.5 8h10M8.5 3.8 12.8 8l-4.3 4.2" {...stroke} strokeLinejoin="round" />,
    },
    'On Hold': {
      tone: 'text-warning-emphasis',
      shape: <path d="M5.2 3v10M10.8 3v10" {...stroke} strokeWidth={2.5} />,
    },
    Completed: {
      tone: 'text-success-emphasis',
      shape: <path d="m2.5 8.6 3.6 3.6 7.4-8" {...stroke} strokeLinejoin="round" />,
    },
  },
  priority: {
    Low: { tone: 'text-body-secondary', shape: <path d="m3.5 6 4.5 4.5L12.5 6" {...stroke} /> },
    Normal: { tone: 'text-body-secondary', shape: <path d="M4.5 8h7" {...stroke} /> },
    High: { tone: 'text-warning-emphasis', shape: <path d="M3.5 10 8 5.5l4.5 4.5" {...stroke} /> },
    Urgent: {
      tone: 'text-danger-emphasis',
      shape: <path d="M3.5 8 8 3.5 12.5 8M3.5 13 8 8.5l4.5 4.5" {...stroke} strokeWidth={2.25} />,
    },
  },
};

const unknown: Mark = { tone: 'text-body-secondary', shape: <path d="M4 8h8" {...stroke} /> };

export interface ChoiceMarkProps {
  name: FieldName;
  value: string | null;
}

/** The shape alone, hidden from a screen reader: the word stands beside it. */
export function ChoiceIcon({ name, value }: ChoiceMarkProps) {
  const { tone, shape } = marks[name]?.[value ?? ''] ?? unknown;
  return (
    <svg viewBox="0 0 16 16" className={`glyph ${tone}`} aria-hidden="true">
      {shape}
    </svg>
  );
}

export function ChoiceMark({ name, value }: ChoiceMarkProps) {
  return (
    <span className="d-inline-flex align-items-center gap-2 text-nowrap">
      <ChoiceIcon name={name} value={value} />
      <span>{value ?? `No ${fieldOf(name).label.toLowerCase()}`}</span>
    </span>
  );
}
