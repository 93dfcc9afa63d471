/** Commands for components: answer one with useCommand, run one with runCommand. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { type CommandId, CommandRegistry, type Handler, isCommandId } from './command-registry.ts';
import { useStore } from './store.ts';
import { showToast } from './toasts.ts';

export type { CommandId } from './command-registry.ts';

/** One for the page. */
export const commandRegistry = new CommandRegistry((reason) => void showToast({ text: reason }));

/** Answers a command, if it is given one, or each of several, while this component is there; the latest to come answers, but for one that goes first. */
export function useCommand(
  answered: CommandId | readonly CommandId[] | null,
  run: (id: CommandId) => void,
  { enabled = true, disabledReason = null, goesFirst = false }: Partial<Omit<Handler, 'run'>> = {},
): void {
  const handler = useRef<Handler>({ run, enabled, disabledReason, goesFirst });
  useLayoutEffect(() => {
    handler.current.run = run;
  });
  const ids = [answered ?? []].flat().join(' ');
  // Before the paint: who sees the page may press its keys.
  useLayoutEffect(() => {
    const leaves = ids
      .split(' ')
      .filter(isCommandId)
      .map((id) => commandRegistry.register(id, handler.current));
    return () => {
      for (const leave of leaves) leave();
    };
  }, [ids]);
  useEffect(() => {
    Object.assign(handler.current, { enabled, disabledReason });
    commandRegistry.changed();
  }, [enabled, disabledReason]);
}

/** Runs a command by its id, as its key or its menu item would. */
export function runCommand(id: CommandId): void {
  commandRegistry.run(id);
}

/** Draws anew whenever a command comes, goes or changes. */
export function useCommandStates(): CommandRegistry {
  useStore(commandRegistry.changes);
  return commandRegistry;
}
