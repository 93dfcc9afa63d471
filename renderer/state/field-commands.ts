/** The commands that set a field of the ticket, as proto/commands.json names them. */
import {
  type CreateFieldName,
  createFieldNames,
  type FieldName,
  fieldOf,
} from '../../proto/ticket-fields.ts';
import { type Command, type CommandId, commands } from './command-registry.ts';
import { isOneOf } from './form-values.ts';

export type FieldCommand = Extract<Command, { field: FieldName }>;

const fieldCommands = commands.filter((command): command is FieldCommand => 'field' in command);

/** The one by which the field is chosen, and not set to something at once. */
export function commandOf(name: FieldName): FieldCommand | undefined {
  return fieldCommands.find((command) => command.field === name && !('value' in command));
}

/** Of the field that a command sets, within a sentence. */
export function labelOf(id: CommandId): string {
  const command = fieldCommands.find((each) => each.id === id);
  return command ? fieldOf(command.field).label.toLowerCase() : '';
}

const idsOf = (list: readonly FieldCommand[]): readonly CommandId[] => list.map(({ id }) => id);
const isFiled = (command: FieldCommand): command is FieldCommand & { field: CreateFieldName } =>
  isOneOf(createFieldNames, command.field);

export const fieldCommandIds = idsOf(fieldCommands);
/** Of the fields of the form for a new ticket; and of those that can be set only once it is stored. */
export const filedCommandIds = idsOf(fieldCommands.filter(isFiled));
export const storedCommandIds = idsOf(fieldCommands.filter((command) => !isFiled(command)));
