import { type PosCode, PosReportAssembler } from '../framing/hid-pos-report.ts';
import type { CodeScanner, CodeScannerEvent } from '../ports/code-scanner.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import type { HidOpener } from '../transport/hid-link.ts';
import { LINK_DELAYS, ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

export interface HidCodeScannerOptions {
  readonly opener: HidOpener;
  readonly timing: Timing;
  /** The reports of one code follow each other within a few milliseconds. */
  readonly idleGapMs?: number;
  readonly linkDelays?: ResilientLinkDelays;
}

/** QR and bar code reader in HID POS mode: no keyboard, so nobody types into the kiosk with a bar code. */
export class HidCodeScanner implements CodeScanner {
  readonly #events = new EventHub<CodeScannerEvent>();
  readonly #link: ResilientLink;
  readonly #timing: Timing;
  readonly #idleGapMs: number;
  #assembler = new PosReportAssembler();
  #cancelIdle: Cancel = () => {};

  constructor({ opener, timing, idleGapMs = 200, linkDelays = LINK_DELAYS }: HidCodeScannerOptions) {
    this.#timing = timing;
    this.#idleGapMs = idleGapMs;
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => this.#events.emit({ type: 'ready' }),
      received: (report) => this.#received(report),
      down: (reason) => {
        this.#cancelIdle();
        this.#tell(this.#assembler.idle());
        // What a scanner says after it was away belongs to nothing from before.
        this.#assembler = new PosReportAssembler();
        this.#events.emit({ type: 'lost', reason });
      },
    });
  }

  get ready(): boolean {
    return this.#link.isUp;
  }

  subscribe(listener: (event: CodeScannerEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  async close(): Promise<void> {
    this.#cancelIdle();
    await this.#link.close();
  }

  #received(report: Uint8Array): void {
    this.#cancelIdle();
    this.#tell(this.#assembler.push(report));
    this.#watchForSilence();
  }

  #watchForSilence(): void {
    if (!this.#assembler.pending) return;
    this.#cancelIdle = this.#timing.after(this.#idleGapMs, () => {
      this.#tell(this.#assembler.idle());
      this.#watchForSilence();
    });
  }

  #tell(found: PosCode | null): void {
    if (found === null) return;
    if (found.type === 'code') this.#events.emit({ type: 'codeRead', symbology: found.symbology, data: found.data });
    else this.#events.emit({ type: 'readProblem', code: found.code, discardedBytes: found.discardedBytes });
  }
}
