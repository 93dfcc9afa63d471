/**
 * What an update changes as gRPC carries it, where a field that is left out stays: a set in a message of its own, as a
 * list can't be left out, and an empty text in the place of what is taken away.
 */
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
        return [name, value === '' && isEmptiedByNull(name) ? null : value];
      }),
    ),
  );
}

/** Of the base contract alone, an empty status is one that is left out. */
function isEmptiedByNull(name: EditFieldName): boolean {
  return fieldOf(name).kind === 'time';
}
