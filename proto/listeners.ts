/** A set of callbacks, called in the order in which they came. */
export interface Listeners<Event> {
  /** @returns unsubscribe */
  add(listener: (event: Event) => void): () => void;
  emit(event: Event): void;
  readonly size: number;
}

export function createListeners<Event>(): Listeners<Event> {
  const listeners = new Set<{ call: (event: Event) => void }>();
  return {
    add(listener) {
      // Wrapped, so that one function added twice is called twice and removed one at a time.
      const held = { call: listener };
      listeners.add(held);
      return () => listeners.delete(held);
    },
    emit(event) {
      // One that another has just removed is not called any more.
      for (const listener of [...listeners]) if (listeners.has(listener)) listener.call(event);
    },
    get size() {
      return listeners.size;
    },
  };
}
