/** A choice of a ticket as it is shown: by a mark of its own where its field has one, else as the word that it is. */
import type { ComponentType } from 'react';
import type { ChoiceFieldName } from '../../proto/ticket-fields.ts';
import { StatusMark } from './StatusMark.tsx';

export interface ChoiceMarkProps {
  name: ChoiceFieldName;
  value: string | null;
}

const marks: { [F in ChoiceFieldName]?: ComponentType<{ value: string | null }> } = { status: StatusMark };

export function ChoiceMark({ name, value }: ChoiceMarkProps) {
  const Mark = marks[name];
  return Mark ? <Mark value={value} /> : <span>{value}</span>;
}
