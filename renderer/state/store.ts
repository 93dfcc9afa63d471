/** One value that the page follows: a component by useStore, anything else by `subscribe`. */
import { useSyncExternalStore } from 'react';
import { createListeners } from '../../proto/listeners.ts';

export class Store<Value> {
  #value: Value;
  readonly #changed = createListeners<void>();

  constructor(value: Value) {
    this.#value = value;
  }

  /** The same object until it is set. */
  readonly state = (): Value => this.#value;

  /** @returns unsubscribe. */
  readonly subscribe = this.#changed.add;

  set(value: Value): void {
    this.#value = value;
    this.#changed.emit();
  }
}

/** The value, with a render whenever it is set. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.state);
}
