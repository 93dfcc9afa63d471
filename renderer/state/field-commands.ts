/** The commands that set a field of the ticket, by the field. */
import type { FieldName } from '../../proto/ticket-fields.ts';
import { type Command, commands } from './command-registry.ts';

export function commandOf(name: FieldName): Command | undefined {
  return commands.find(({ id }) => id === `set-${name}`);
}
