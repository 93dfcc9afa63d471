/** Where a ticket service takes creates from: the other end of a CreateQueue. At least once, in any order. */

/** One delivery. Exactly one of finish() and requeue() is called on it, once. */
export interface Delivery {
  /** The same for every delivery of one message; unique within its topic. */
  readonly id: string;
  /** As it was published. */
  readonly body: Buffer;
  /** When it was published (ms since 1970). */
  readonly publishedAtMs: number;
  /** 1 at the first delivery. */
  readonly attempts: number;
  /** It is done: stored or rejected, on disk. Never throws; a connection that is gone delivers it again. */
  finish(): void;
  /** It comes again, to this service or another, after about this long. Never throws. */
  requeue(delayMs: number): void;
}

export interface CreateSource {
  /** Whether it is connected to a queue now. */
  connected(): boolean;
  /** No new deliveries from here on; those handed out may still be finished until close(). */
  pause(): void;
  /** Ends the connections. What was neither finished nor requeued is delivered again, here or elsewhere. */
  close(): Promise<void>;
}

/**
 * Connects in the background and goes on trying for ever. While a delivery is held, its message's timeout is kept
 * from running out.
 * @param options.onDelivery must not throw
 * @param options.maxInFlight how many may be held at once
 */
export type OpenCreateSource = (options: {
  onDelivery: (delivery: Delivery) => void;
  maxInFlight: number;
}) => CreateSource;
