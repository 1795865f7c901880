import { type MrzFrame, MrzLineDeframer } from '../framing/mrz-lines.ts';
import type { LostReason } from '../ports/device-error.ts';
import type { DocumentScanner, DocumentScannerEvent } from '../ports/document-scanner.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { LINK_DELAYS, ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

export interface LineStreamScannerOptions {
  readonly opener: LinkOpener;
  readonly timing: Timing;
  /** Silence that ends a document. A line of 44 takes 46 ms at 9600 baud, a pause between two lines far less. */
  readonly idleGapMs?: number;
  readonly linkDelays?: ResilientLinkDelays;
}

const IDLE_GAP_MS = 60;

/** Any scanner that sends MRZ lines by itself (Access-IS, Desko, 3M, Regula in their plain modes). Nothing is ever sent to it. */
export class LineStreamScanner implements DocumentScanner {
  readonly #events = new EventHub<DocumentScannerEvent>();
  readonly #link: ResilientLink;
  readonly #timing: Timing;
  readonly #idleGapMs: number;
  #deframer = new MrzLineDeframer();
  #cancelIdle: Cancel | null = null;
  #closed = false;

  constructor({ opener, timing, idleGapMs = IDLE_GAP_MS, linkDelays = LINK_DELAYS }: LineStreamScannerOptions) {
    this.#timing = timing;
    this.#idleGapMs = idleGapMs;
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => this.#events.emit({ type: 'ready' }),
      received: (bytes) => this.#received(bytes),
      down: (reason) => this.#down(reason),
    });
  }

  get ready(): boolean {
    return this.#link.isUp;
  }

  subscribe(listener: (event: DocumentScannerEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelIdle?.();
    await this.#link.close();
  }

  #received(bytes: Uint8Array): void {
    this.#cancelIdle?.();
    this.#cancelIdle = null;
    this.#tell(this.#deframer.push(bytes));
    if (!this.#closed && this.#deframer.pending) {
      this.#cancelIdle = this.#timing.after(this.#idleGapMs, () => this.#tell(this.#deframer.idle()));
    }
  }

  /** Half a document of a scanner that went away is told before the loss, and never joined to what it sends when it is back. */
  #down(reason: LostReason): void {
    this.#cancelIdle?.();
    this.#tell(this.#deframer.idle());
    this.#events.emit({ type: 'lost', reason });
  }

  #tell(frames: readonly MrzFrame[]): void {
    for (const frame of frames) {
      if (this.#closed) return;
      if (frame.type === 'document') this.#events.emit({ type: 'documentRead', text: frame.text });
      else this.#events.emit({ type: 'readProblem', code: frame.code, discardedBytes: frame.discardedBytes });
    }
  }
}
