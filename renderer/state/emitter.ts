/** Listeners of one kind of event. */
export function emitter<Event>() {
  const listeners = new Set<(event: Event) => void>();
  return {
    emit(event: Event): void {
      for (const listener of [...listeners]) listener(event);
    },
    /** @returns stop listening. */
    listen(listener: (event: Event) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
