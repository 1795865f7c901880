import { err, ok } from '../../app/contract/result.ts';
import type { ByteLink, LinkOpener, LinkSink, OpenFailure } from './byte-link.ts';

/** What a device does when it hears bytes: answers (one array, or several chunks), or stays silent with null. */
export type FakeReaction = (heard: Uint8Array) => Uint8Array | readonly Uint8Array[] | null;

/**
 * A cable with a test at its other end. Everything the driver writes is kept; `reaction` answers at once, `say` speaks unasked,
 * `unplug`/`plug` pull and push. What was heard and never looked at is a failure: see `takeHeard` and `expectNothingHeard`.
 */
export class FakeLink implements LinkOpener {
  readonly name = 'fake';
  reaction: FakeReaction = () => null;
  /** Why opening fails while unplugged. */
  openFailure: OpenFailure = 'absent';
  /** A port that takes no bytes, as one with a full buffer and nobody reading. */
  stuck = false;
  opened = 0;
  #heard: Uint8Array[] = [];
  #sink: LinkSink | null = null;
  #plugged = true;

  open(sink: LinkSink): ReturnType<LinkOpener['open']> {
    if (!this.#plugged) return Promise.resolve(err({ code: 'openFailed', cause: this.openFailure }));
    if (this.#sink !== null) return Promise.resolve(err({ code: 'openFailed', cause: 'busy' }));
    this.#sink = sink;
    this.opened += 1;
    const link: ByteLink = {
      write: (bytes) => {
        if (this.#sink !== sink) return Promise.resolve(err({ code: 'linkClosed' }));
        if (this.stuck) return new Promise(() => {});
        this.#heard.push(Uint8Array.from(bytes));
        const answer = this.reaction(bytes);
        if (answer !== null) this.say(...(answer instanceof Uint8Array ? [answer] : answer));
        return Promise.resolve(ok());
      },
      close: () => {
        if (this.#sink === sink) this.#sink = null;
        return Promise.resolve();
      },
    };
    return Promise.resolve(ok(link));
  }

  get isOpen(): boolean {
    return this.#sink !== null;
  }

  /** The device speaks. Chunks arrive one after the other, as separate reads. */
  say(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#sink?.received(chunk);
  }

  unplug(): void {
    this.#plugged = false;
    const sink = this.#sink;
    this.#sink = null;
    sink?.closed();
  }

  plug(): void {
    this.#plugged = true;
  }

  /** Everything the driver said since the last call. */
  takeHeard(): readonly Uint8Array[] {
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }
}
