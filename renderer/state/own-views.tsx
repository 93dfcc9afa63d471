/**
 * The views: those that are built in, the person's own, and those that everybody shares. No event tells of a change of
 * them, as a browser has no connection to spare for one more stream: they are read again when the window comes to the
 * front, with each new link, and after each change.
 */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
import { ticketOrders } from '../../proto/ticket-fields.ts';
import { quoted } from '../../proto/visible-text.ts';
import {
  DeleteViewDocument,
  MoveViewDocument,
  SaveViewDocument,
  ViewsDocument,
} from '../graphql/generated/operations.ts';
import { useLive } from './live.tsx';
import { useNavigation } from './navigation.tsx';
import { Store, useStore } from './store.ts';
import { showToast } from './toasts.ts';
import { builtIn, openView, savedView, type View } from './views.ts';

/** A view that is to be saved; it has an order and columns of its own. */
export interface ViewToSave extends View {
  order: NonNullable<View['order']>;
  columns: readonly string[];
}

export class OwnViews {
  readonly #client: ApolloClient;
  #reading = 0;
  #last: Promise<unknown> = Promise.resolve();
  /** Those that are saved, in their order; null while they are not known. */
  readonly saved = new Store<readonly View[] | null>(null);

  constructor(client: ApolloClient) {
    this.#client = client;
  }

  /** What is known stays where they can't be read. */
  readonly read = async (): Promise<void> => {
    this.#reading += 1;
    const reading = this.#reading;
    const answer = await this.#client
      .query({ query: ViewsDocument, fetchPolicy: 'no-cache' })
      .catch(() => undefined);
    // A later question has the newer answer.
    if (answer?.data && reading === this.#reading) this.#take(answer.data.views.map(savedView));
  };

  /** Creates a view, or changes it where it has a version. @throws what the request threw. */
  async save(view: ViewToSave): Promise<View> {
    const { id, name, query, key, version, columns } = view;
    const order = ticketOrders[view.order];
    const content = { id, name, query, key, order, columns: [...columns], shared: view.kind === 'shared' };
    const input = { ...content, expectedVersion: version || null };
    const saved = await this.#write(async () => {
      const { data } = await this.#client.mutate({ mutation: SaveViewDocument, variables: { input } });
      if (!data) throw new Error('The view came back empty-handed.');
      return savedView(data.saveView.view);
    });
    const others = (this.saved.state() ?? []).filter((other) => other.id !== id);
    const at = (this.saved.state() ?? []).findIndex((other) => other.id === id && other.kind === saved.kind);
    this.#take(others.toSpliced(at < 0 ? others.length : at, 0, saved));
    return saved;
  }

  /** Puts a view before another of its kind, null: behind all. It is shown at once. @throws what the request threw. */
  async move(view: View, before: View | null): Promise<void> {
    const others = (this.saved.state() ?? []).filter((other) => other.id !== view.id);
    const at = before
      ? others.findIndex(({ id }) => id === before.id)
      : others.findLastIndex(({ kind }) => kind === view.kind) + 1;
    this.#take(others.toSpliced(at, 0, view));
    const input = { id: view.id, beforeId: before?.id ?? null };
    await this.#write(() => this.#client.mutate({ mutation: MoveViewDocument, variables: { input } }));
  }

  /** @throws what the request threw. */
  async remove({ id }: View): Promise<void> {
    await this.#write(() =>
      this.#client.mutate({ mutation: DeleteViewDocument, variables: { input: { id } } }),
    );
    this.#take((this.saved.state() ?? []).filter((other) => other.id !== id));
  }

  /** One after another, as the person made them. Whatever comes of them, what is there after the last is read. */
  async #write<Answer>(write: () => Promise<Answer>): Promise<Answer> {
    // A reading that is under way may not know of it.
    this.#reading += 1;
    const writing = this.#last.then(write);
    const ended = writing.then(
      () => undefined,
      () => undefined,
    );
    this.#last = ended;
    try {
      return await writing;
    } finally {
      if (this.#last === ended) void this.read();
    }
  }

  #take(views: readonly View[]): void {
    if (JSON.stringify(views) !== JSON.stringify(this.saved.state())) this.saved.set(views);
  }
}

const OwnViewsContext = createContext<OwnViews | null>(null);

export function ViewsProvider({ children }: { children: ReactNode }) {
  const client = useApolloClient();
  const live = useLive();
  const own = useMemo(() => new OwnViews(client), [client]);
  useEffect(() => {
    void own.read();
    const stop = live.onReset(() => void own.read());
    const look = () => document.visibilityState === 'visible' && void own.read();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      stop();
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [own, live]);
  useShownView(own);
  return <OwnViewsContext value={own}>{children}</OwnViewsContext>;
}

/** The view that is shown is what has become of it. */
function useShownView(own: OwnViews): void {
  const saved = useStore(own.saved);
  const { view, setView, renewView } = useNavigation();
  const shown = useRef(view);
  shown.current = view;
  useEffect(() => {
    const known = shown.current;
    if (saved === null || known.kind === 'built-in') return;
    const now = saved.find(({ id }) => id === known.id);
    if (now && JSON.stringify(now) !== JSON.stringify(known)) renewView(now);
    if (now) return;
    showToast({ text: `There is no view ${quoted(known.name)} any more. These are the open tickets.` });
    setView(openView);
  }, [saved, setView, renewView]);
}

export function useOwnViews(): OwnViews {
  const own = useContext(OwnViewsContext);
  if (!own) throw new Error('useOwnViews needs a ViewsProvider above it');
  return own;
}

/** All views: built in, own, shared. */
export function useViews(): readonly View[] {
  const saved = useStore(useOwnViews().saved);
  return useMemo(() => [...builtIn, ...(saved ?? [])], [saved]);
}
