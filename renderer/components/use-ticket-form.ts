/** What a form of a ticket knows beside its values: what is wrong, whether that is said yet, and where the focus goes. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type FieldValue, textOf } from '../../proto/field-kinds.ts';
import type { FieldName, TicketValues } from '../../proto/ticket-fields.ts';
import type { Failure } from '../state/failure.ts';
import { type FieldProblems, fieldProblems, isOneOf } from '../state/form-values.ts';

export interface TicketFormOptions {
  names: readonly FieldName[];
  values: TicketValues;
  /** Keeps what was typed. */
  onType(name: FieldName, value: FieldValue): void;
  /** Called when nothing is wrong. */
  onSubmit(): void;
  /** Why it can't be submitted now; null when it can. */
  blocked: string | null;
  /** The field that is to have the focus; a new object each time that it is to be taken there, null for not yet. */
  focus: { name: FieldName } | null;
  /** What the last try came to: said beside its field until that is typed into, or above all of them. */
  failure: Failure | null;
  /** It begins empty: what is still to be filled in is said once it was tried to submit it. */
  beginsEmpty?: boolean;
}

export function useTicketForm(options: TicketFormOptions) {
  const { names, values, onType, onSubmit, blocked, focus, failure, beginsEmpty } = options;
  const form = useRef<HTMLFormElement>(null);
  const [pressed, setPressed] = useState(false);
  const [answered, setAnswered] = useState<readonly Failure[]>([]);
  const refused = failure && isOneOf(names, failure.field) ? failure.field : null;
  useEffect(() => focusOn(form, focus?.name), [focus]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new failure takes the focus to its field once more.
  useEffect(() => focusOn(form, refused), [failure, refused]);

  const wrong = fieldProblems(names, values);
  const problems: FieldProblems = {};
  for (const name of names) {
    const isSaid = !beginsEmpty || pressed || textOf(values[name]) !== '';
    const said =
      failure && name === refused && !answered.includes(failure) ? failure.message : isSaid && wrong[name];
    if (said) problems[name] = said;
  }
  return {
    form,
    problems,
    /** What stands beside no field. */
    failure: refused ? null : failure,
    type(name: FieldName, value: FieldValue) {
      if (failure && name === refused) setAnswered([...answered, failure]);
      onType(name, value);
    },
    submit() {
      if (blocked !== null) return;
      setPressed(true);
      const first = names.find((name) => wrong[name]);
      if (first) focusOn(form, first);
      else onSubmit();
    },
  };
}

function focusOn(form: RefObject<HTMLFormElement | null>, name: FieldName | null | undefined): void {
  if (name) form.current?.querySelector<HTMLElement>(`[data-field="${name}"]`)?.focus();
}
