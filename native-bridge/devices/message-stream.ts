import type { Cancel, Timing } from '../ports/timing.ts';

/** What becomes of bytes: whole messages, and bytes that belong to none. */
export interface Deframed<M> {
  readonly messages: readonly M[];
  readonly discardedBytes: number;
}

export interface Deframer<M> {
  push(bytes: Uint8Array): Deframed<M>;
  /** Half a message will not go on. */
  idle(): Deframed<M>;
  readonly heldBytes: number;
}

export interface MessageStreamListener<M> {
  onMessage(message: M): void;
  onNoise(): void;
}

/** Bytes of a line into whole messages: what is cut is given up after a silence, and what belongs to nothing is counted. */
export class MessageStream<M> {
  readonly #make: () => Deframer<M>;
  readonly #gapMs: number;
  readonly #timing: Timing;
  readonly #listener: MessageStreamListener<M>;
  #deframer: Deframer<M>;
  #discardedBytes = 0;
  #cancelGap: Cancel = () => {};
  #ended = false;

  constructor(make: () => Deframer<M>, gapMs: number, timing: Timing, listener: MessageStreamListener<M>) {
    this.#make = make;
    this.#gapMs = gapMs;
    this.#timing = timing;
    this.#listener = listener;
    this.#deframer = make();
  }

  /** Bytes that belonged to no message, since the start. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  /** A new line: what was half heard belongs to the old one. */
  begin(): void {
    this.#cancelGap();
    this.#deframer = this.#make();
  }

  received(bytes: Uint8Array): void {
    this.#cancelGap();
    this.#take(this.#deframer.push(bytes));
    if (this.#ended || this.#deframer.heldBytes === 0) return;
    this.#cancelGap = this.#timing.after(this.#gapMs, () => this.#take(this.#deframer.idle()));
  }

  end(): void {
    this.#ended = true;
    this.#cancelGap();
  }

  #take({ messages, discardedBytes }: Deframed<M>): void {
    this.#discardedBytes += discardedBytes;
    if (discardedBytes > 0) this.#listener.onNoise();
    for (const message of messages) this.#listener.onMessage(message);
  }
}
