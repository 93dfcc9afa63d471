/** What a ticket says as gRPC carries it, which has neither null nor, of a list, left out. */
import { canBeEmptied } from '../../proto/field-kinds.ts';
import type {
  UpdateTicketRequest,
  UpdateTicketRequest__Output,
} from '../../proto/generated/UpdateTicketRequest.ts';
import {
  type EditFieldName,
  editFieldNames,
  fieldOf,
  type TicketChanges,
  ticketChanges,
} from '../../proto/ticket-fields.ts';

/** Proto3 has no null: what is not there is left out. */
export function withoutNulls<Values extends object>(
  values: Values,
): { [Field in keyof Values]: NonNullable<Values[Field]> } {
  // Of every row of a long list: without the lists that Object.entries makes, it takes a third of the time.
  const there: Partial<Values> = {};
  for (const name in values) if (values[name] !== null) there[name] = values[name];
  return there as ReturnType<typeof withoutNulls<Values>>;
}

/**
 * What an update changes, where a field that is left out stays: a set in a message of its own, and an empty text in the
 * place of what is taken away.
 */
export function encodeChanges(changes: TicketChanges): Pick<UpdateTicketRequest, EditFieldName> {
  return Object.fromEntries(
    editFieldNames.flatMap((name) => {
      const value = changes[name];
      if (value === undefined) return [];
      return [[name, Array.isArray(value) ? { names: value } : (value ?? '')]];
    }),
  );
}

export function decodeChanges(
  message: {
    [F in EditFieldName]?: UpdateTicketRequest__Output[F] | undefined;
  },
): TicketChanges {
  return ticketChanges(
    Object.fromEntries(
      editFieldNames.map((name) => {
        const value = message[name];
        if (typeof value === 'object') return [name, value?.names];
        return [name, value === '' && canBeEmptied(fieldOf(name)) ? null : value];
      }),
    ),
  );
}
