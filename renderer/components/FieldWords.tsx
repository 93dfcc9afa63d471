/** What a ticket says in one field, in words with the marks of its kind; nothing where it says nothing. */
import { type FieldValue, textOf } from '../../proto/field-kinds.ts';
import { type FieldName, fieldOf, ticketFields } from '../../proto/ticket-fields.ts';
import { isVisible, shownText } from '../../proto/visible-text.ts';
import { useAgentName } from '../state/agents.tsx';
import { ChoiceMark } from './ChoiceMark.tsx';
import { DueTime } from './DueTime.tsx';
import { TagList } from './TagList.tsx';

export interface FieldWordsProps {
  name: FieldName;
  value: FieldValue;
  /** The ticket's status: a closed ticket is never shown as late. */
  status?: string | null;
  /** The most tags that are shown. */
  atMost?: number;
}

export function FieldWords({ name, value, status, atMost }: FieldWordsProps) {
  const field = fieldOf(name);
  if (Array.isArray(value)) return value.length > 0 && <TagList tags={value} {...(atMost && { atMost })} />;
  if (field.kind === 'choice') return <ChoiceMark name={name} value={value} />;
  if (value === null) return null;
  if (field.kind === 'person') return <AgentName id={value} />;
  if (field.kind === 'time') return <DueTime at={value} isDone={status === lastStatus} />;
  return isVisible(value) && shownText(value);
}

/** The same, that says of a field that says nothing that it is empty. */
export function ValueWords(props: FieldWordsProps) {
  if (textOf(props.value) !== '') return <FieldWords {...props} />;
  return <span className="fst-italic text-body-secondary">empty</span>;
}

function AgentName({ id }: { id: string }) {
  return (
    <span className="text-truncate" dir="auto">
      {useAgentName(id)}
    </span>
  );
}

const lastStatus = ticketFields.status.choices.at(-1);
