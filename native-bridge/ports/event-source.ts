export type Unsubscribe = () => void;

/** Where a device's facts come from. Listeners are called in the order they subscribed, synchronously, and must not throw. */
export interface EventSource<E> {
  subscribe(listener: (event: E) => void): Unsubscribe;
}

/** The one implementation of {@link EventSource} that drivers and simulators own and emit into. */
export class EventHub<E> implements EventSource<E> {
  readonly #listeners = new Set<(event: E) => void>();

  subscribe(listener: (event: E) => void): Unsubscribe {
    // Wrapped, so that the same function subscribed twice is two subscriptions with two ends.
    const own = (event: E): void => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Listeners that unsubscribe while an event is delivered do not hear it; those who subscribe meanwhile hear the next. */
  emit(event: E): void {
    for (const listener of [...this.#listeners]) {
      if (this.#listeners.has(listener)) listener(event);
    }
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}
