import type { Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { EventHub, type EventSource, type Unsubscribe } from '../ports/event-source.ts';
import type { Timing } from '../ports/timing.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import type { ResilientLinkDelays } from '../transport/resilient-link.ts';
import { AskingLink } from './asking-link.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

export interface AskedDeviceOptions {
  readonly opener: LinkOpener;
  readonly timing: Timing;
  readonly heartbeatMs: number;
  readonly linkDelays: ResilientLinkDelays;
}

type LinkEvent = { readonly type: 'ready' } | { readonly type: 'lost'; readonly reason: LostReason };

/**
 * Whatever every driver over an {@link AskingLink} shows of it: whether it is ready, its events, how long its commands took.
 * `M`: messages as the deframer makes them. `E`: events of the port besides `ready` and `lost`.
 */
export abstract class AskedDevice<M, E = never> implements EventSource<LinkEvent | E> {
  protected readonly asking: AskingLink<M>;
  readonly #events = new EventHub<LinkEvent | E>();

  constructor({ opener, timing, heartbeatMs, linkDelays }: AskedDeviceOptions) {
    this.asking = new AskingLink(opener, timing, heartbeatMs, linkDelays, {
      opened: () => this.opened(),
      received: (bytes) => this.received(bytes),
      greet: () => this.greet(),
      ready: () => {
        this.emit({ type: 'ready' });
        this.cameUp();
      },
      lost: (reason) => this.emit({ type: 'lost', reason }),
    });
  }

  get latency(): LatencyHistogram {
    return this.asking.latency;
  }

  get ready(): boolean {
    return this.asking.ready;
  }

  subscribe(listener: (event: LinkEvent | E) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.asking.start();
  }

  protected emit(event: LinkEvent | E): void {
    this.#events.emit(event);
  }

  /** A new link: whatever was half heard is void. */
  protected opened(): void {}

  protected abstract received(bytes: Uint8Array): void;
  /** See {@link AskingLink}. */
  protected abstract greet(): Promise<Result<void, DeviceError>>;
  /** After `ready` was told. */
  protected cameUp(): void {}
}
