import { ok } from '../../app/contract/result.ts';
import { type MrzFrame, MrzLineDeframer } from '../framing/mrz-lines.ts';
import type { LostReason } from '../ports/device-error.ts';
import type { DocumentScanner, DocumentScannerEvent } from '../ports/document-scanner.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import { patience } from '../ports/patience.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import type { ScannerDialect, ScannerSplitter, ScannerToken } from '../protocol/scanner-dialect.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { type Deferred, deferred } from '../transport/deferred.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { LINK_DELAYS, ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

export interface CommandedScannerOptions {
  readonly opener: LinkOpener;
  readonly dialect: ScannerDialect;
  readonly timing: Timing;
  /** Silence that ends a document or half a reply. */
  readonly idleGapMs?: number;
  /** How often an idle scanner is armed again, which also shows that it is alive. */
  readonly heartbeatMs?: number;
  readonly linkDelays?: ResilientLinkDelays;
}

/** A scanner that has to be told to read: arms it, keeps it armed, and is lost when it does not answer as often as its dialect asks. */
export class CommandedScanner implements DocumentScanner {
  readonly #dialect: ScannerDialect;
  readonly #timing: Timing;
  readonly #idleGapMs: number;
  readonly #heartbeatMs: number;
  readonly #events = new EventHub<DocumentScannerEvent>();
  readonly #link: ResilientLink;
  readonly #exclusive = new Exclusive(4);
  #splitter: ScannerSplitter;
  #deframer = new MrzLineDeframer();
  #reply: Deferred<'accepted' | 'refused' | 'silent'> | null = null;
  #cancelIdle: Cancel = () => {};
  #cancelHeartbeat: Cancel = () => {};
  #ready = false;
  /** `lost` is told once until the next `ready`, however often the port is opened in vain. */
  #toldLost = false;
  #closed = false;

  constructor({
    opener,
    dialect,
    timing,
    idleGapMs = 60,
    heartbeatMs = 2_000,
    linkDelays = LINK_DELAYS,
  }: CommandedScannerOptions) {
    this.#dialect = dialect;
    this.#timing = timing;
    this.#idleGapMs = idleGapMs;
    this.#heartbeatMs = heartbeatMs;
    this.#splitter = dialect.createSplitter();
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => {
        this.#splitter = dialect.createSplitter();
        void this.#arm();
      },
      received: (bytes) => this.#received(bytes),
      down: (reason) => this.#down(reason),
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  subscribe(listener: (event: DocumentScannerEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    this.#cancelIdle();
    this.#cancelHeartbeat();
    this.#reply?.resolve('silent');
    await this.#link.close();
  }

  #arm(): Promise<unknown> {
    return this.#exclusive.run(async () => {
      if (this.#closed) return ok();
      for (const command of this.#dialect.arm) {
        const outcome = await this.#command(command);
        if (outcome === 'accepted') continue;
        this.#link.drop(outcome === 'silent' ? 'silent' : 'garbled');
        return ok();
      }
      if (this.#dialect.trigger !== null) await this.#link.write(this.#dialect.trigger);
      if (!this.#link.isUp || this.#closed) return ok();
      if (!this.#ready) {
        this.#ready = true;
        this.#toldLost = false;
        this.#events.emit({ type: 'ready' });
      }
      this.#beatLater();
      return ok();
    });
  }

  async #command(command: Uint8Array): Promise<'accepted' | 'refused' | 'silent'> {
    let outcome: 'accepted' | 'refused' | 'silent' = 'silent';
    for (let attempt = 0; attempt < this.#dialect.attempts && outcome !== 'accepted'; attempt += 1) {
      const reply = deferred<'accepted' | 'refused' | 'silent'>();
      this.#reply = reply;
      const written = await this.#link.write(command);
      if (!written.ok) return 'silent';
      const cancel = patience(this.#timing, this.#dialect.replyTimeoutMs, () => reply.resolve('silent'));
      outcome = await reply.promise;
      cancel();
      this.#reply = null;
      if (this.#closed) return 'silent';
      if (this.#dialect.betweenCommandsMs > 0) await delay(this.#timing, this.#dialect.betweenCommandsMs);
    }
    return outcome;
  }

  #beatLater(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#timing.after(this.#heartbeatMs, () => void this.#arm());
  }

  #received(bytes: Uint8Array): void {
    this.#cancelIdle();
    this.#take(this.#splitter.push(bytes));
    if (this.#closed) return;
    this.#cancelIdle = this.#timing.after(this.#idleGapMs, () => {
      this.#take(this.#splitter.idle());
      this.#tell(this.#deframer.idle());
    });
  }

  #take(tokens: readonly ScannerToken[]): void {
    let junk = 0;
    for (const token of tokens) {
      if (token.type === 'reply') this.#reply?.resolve(token.accepted ? 'accepted' : 'refused');
      else if (token.type === 'text') this.#tell(this.#deframer.push(token.bytes));
      else if (token.type === 'documentEnd') this.#tell(this.#deframer.idle());
      else junk += token.bytes;
    }
    if (junk > 0) this.#events.emit({ type: 'readProblem', code: 'badReply', discardedBytes: junk });
  }

  #tell(frames: readonly MrzFrame[]): void {
    for (const frame of frames) {
      if (this.#closed) return;
      if (frame.type === 'document') this.#events.emit({ type: 'documentRead', text: frame.text });
      else this.#events.emit({ type: 'readProblem', code: frame.code, discardedBytes: frame.discardedBytes });
    }
    if (frames.length > 0 && this.#dialect.armAfterRead && this.#ready) void this.#arm();
  }

  #down(reason: LostReason): void {
    this.#cancelIdle();
    this.#cancelHeartbeat();
    this.#reply?.resolve('silent');
    this.#tell(this.#deframer.idle());
    this.#ready = false;
    if (!this.#toldLost) this.#events.emit({ type: 'lost', reason });
    this.#toldLost = true;
  }
}
