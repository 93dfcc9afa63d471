/** Listeners of one kind of event. */
export interface Emitter<Event> {
  emit(event: Event): void;
  /** Answers the way to stop listening. */
  listen(listener: (event: Event) => void): () => void;
}

export function emitter<Event>(): Emitter<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
