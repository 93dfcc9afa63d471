/** The commands that set a field of the ticket, by the field. */
import { type AtOnceFieldName, editAtOnceNames } from '../../proto/ticket-fields.ts';
import { type Command, type CommandId, commands } from './command-registry.ts';

export function commandOf(name: AtOnceFieldName): Command | undefined {
  return commands.find(({ id }) => id === `set-${name}`);
}

/** Those of all fields that have one. */
export const fieldCommands: readonly CommandId[] = editAtOnceNames.flatMap(
  (name) => commandOf(name)?.id ?? [],
);
