/** The commands of proto/commands.json and who answers them now. Keys, menu and palette all run them here. */
import { commands } from '../../proto/generated/commands.ts';
import { Store } from './store.ts';

export { commands };

export type Command = (typeof commands)[number];
export type CommandId = Command['id'];

export interface Handler {
  /** @param id the command that was given, for a handler of several */
  run(id: CommandId): void;
  enabled: boolean;
  /** Why not, in words for the person, while `enabled` is false. */
  disabledReason: string | null;
  /** It answers before all others while it is there, whoever comes later. */
  goesFirst?: boolean;
}

export type CommandState = { enabled: true } | { enabled: false; reason: string | null };

const nobody: CommandState = { enabled: false, reason: null };

export function isCommandId(id: string): id is CommandId {
  return commands.some((command) => command.id === id);
}

export class CommandRegistry {
  readonly #handlers = new Map<CommandId, Handler[]>();
  /** Set anew with every change. */
  readonly changes = new Store({});
  readonly #onRefused: (reason: string) => void;

  /** @param onRefused told why a command that was asked for can't run. */
  constructor(onRefused: (reason: string) => void) {
    this.#onRefused = onRefused;
  }

  /** The latest to register answers, but for one that goes first. @returns leaves. */
  register(id: CommandId, handler: Handler): () => void {
    this.#handlers.set(id, [...(this.#handlers.get(id) ?? []), handler]);
    this.changed();
    return () => {
      const others = (this.#handlers.get(id) ?? []).filter((other) => other !== handler);
      this.#handlers.set(id, others);
      this.changed();
    };
  }

  #answering(id: CommandId): Handler | undefined {
    const handlers = this.#handlers.get(id) ?? [];
    return handlers.findLast(({ goesFirst }) => goesFirst) ?? handlers.at(-1);
  }

  /** Call after a registered handler's `enabled` has changed. */
  changed(): void {
    this.changes.set({});
  }

  state(id: CommandId): CommandState {
    const handler = this.#answering(id);
    if (!handler) return nobody;
    return handler.enabled ? { enabled: true } : { enabled: false, reason: handler.disabledReason };
  }

  /** Runs the command; false when nobody answers it here. */
  run(id: CommandId): boolean {
    const handler = this.#answering(id);
    if (!handler) return false;
    if (handler.enabled) handler.run(id);
    else if (handler.disabledReason) this.#onRefused(handler.disabledReason);
    return true;
  }
}
