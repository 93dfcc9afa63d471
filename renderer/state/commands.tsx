/** Commands for components: answer one with useCommand, run one with useRunCommand. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { type CommandId, CommandRegistry, type Handler } from './command-registry.ts';

export type { CommandId } from './command-registry.ts';

const RegistryContext = createContext<CommandRegistry | null>(null);

export function CommandsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(() => new CommandRegistry());
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

export function useCommandRegistry(): CommandRegistry {
  const registry = useContext(RegistryContext);
  if (!registry) throw new Error('commands need a CommandsProvider above them');
  return registry;
}

/** Answers a command, if it is given one, while this component is there; the latest to come is the one that answers. */
export function useCommand(
  id: CommandId | null,
  handler: () => void,
  { enabled = true, disabledReason }: { enabled?: boolean; disabledReason?: string } = {},
): void {
  const registry = useCommandRegistry();
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  const entry = useRef<Handler>({ run: () => latest.current(), enabled, disabledReason: null });
  // Before the paint: who sees the page may press its keys.
  useLayoutEffect(() => (id === null ? undefined : registry.register(id, entry.current)), [registry, id]);
  useEffect(() => {
    entry.current.enabled = enabled;
    entry.current.disabledReason = disabledReason ?? null;
    registry.changed();
  }, [registry, enabled, disabledReason]);
}

/** Runs a command by its id, as its key or its menu item would. */
export function useRunCommand(): (id: CommandId) => void {
  const registry = useCommandRegistry();
  return useCallback((id) => void registry.run(id), [registry]);
}

/** The registry, with a render whenever a command comes, goes or changes. */
export function useCommandStates(): CommandRegistry {
  const registry = useCommandRegistry();
  useSyncExternalStore(
    (listener) => registry.subscribe(listener),
    () => registry.version(),
  );
  return registry;
}
