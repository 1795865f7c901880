import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { ChipReader, ChipReaderEvent } from '../ports/chip-reader.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import { Exclusive } from '../transport/exclusive.ts';
import type { PcscCard, PcscError, PcscLoader, PcscReader, PcscService } from '../transport/pcsc.ts';
import { PcscApduChannel } from './pcsc-apdu-channel.ts';

export interface PcscChipReaderOptions {
  readonly load: PcscLoader;
  /** The reader's name, or how it begins: PC/SC puts an index behind it that changes with the order of plugging in. */
  readonly name: string;
  readonly timing: Timing;
  readonly apduTimeoutMs: number;
  /** Whether this reader carries extended-length APDUs; many do not, and say so by failing. */
  readonly extendedLength: boolean;
  /** Between two attempts to find the machine's PC/SC service. */
  readonly searchMs?: number;
}

const POLL_MS = 20;

/** Any reader of the machine's own PC/SC service. The service finds readers and chips by itself; we only choose ours. */
export class PcscChipReader implements ChipReader {
  readonly #options: PcscChipReaderOptions;
  readonly #events = new EventHub<ChipReaderEvent>();
  #service: PcscService | null = null;
  #reader: PcscReader | null = null;
  #chipPresent = false;
  #channel: PcscApduChannel | null = null;
  #lastError: PcscError | null = null;
  #lost: LostReason = 'openFailed';
  #toldLost = false;
  #closed = false;
  readonly #oneSearch = new Exclusive(1);
  #cancelSearch: Cancel = () => {};

  constructor(options: PcscChipReaderOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#reader !== null;
  }

  /** Why there is no service; null while there is one. For the technician: `lost` only says `openFailed`. */
  get lastError(): PcscError | null {
    return this.#lastError;
  }

  subscribe(listener: (event: ChipReaderEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    void this.#open();
  }

  awaitChip(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>> {
    return this.#oneSearch.run(() => this.#search(timeoutMs));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelSearch();
    this.#reader = null;
    await this.#channel?.close();
    this.#channel = null;
    this.#service?.stop();
    this.#service = null;
  }

  async #search(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>> {
    const { timing, apduTimeoutMs, extendedLength } = this.#options;
    await this.#channel?.close();
    this.#channel = null;
    const until = timing.now() + timeoutMs;
    for (;;) {
      if (this.#closed) return err({ code: 'deviceClosed' });
      const reader = this.#reader;
      if (reader === null) return err({ code: 'deviceLost', reason: this.#lost });
      const card = this.#chipPresent ? await connected(reader) : null;
      if (card !== null && !this.#closed && reader === this.#reader) {
        this.#channel = new PcscApduChannel({ card, timing, timeoutMs: apduTimeoutMs, extendedLength });
        return ok(this.#channel);
      }
      await card?.disconnect().catch(() => undefined);
      if (timing.now() >= until) return err({ code: 'deviceTimeout', timeoutMs });
      await delay(timing, POLL_MS);
    }
  }

  async #open(): Promise<void> {
    const opened = await this.#options.load({
      readerCame: (reader) => this.#readerCame(reader),
      readerGone: (name) => {
        if (name === this.#reader?.name) this.#lose('unplugged');
      },
      chip: (name, present) => {
        if (name !== this.#reader?.name) return;
        this.#chipPresent = present;
        if (!present && this.#channel?.end('chipLost') === true) this.#events.emit({ type: 'chipLost' });
      },
      failed: () => {
        this.#service = null;
        this.#lose('unplugged');
        this.#openLater();
      },
    });
    if (this.#closed) {
      if (opened.ok) opened.value.stop();
      return;
    }
    this.#lastError = opened.ok ? null : opened.error;
    if (opened.ok) {
      this.#service = opened.value;
      return;
    }
    this.#lose('openFailed');
    // A package that is not installed does not come while we run; a service may be started.
    if (opened.error.code === 'pcscServiceAbsent') this.#openLater();
  }

  #openLater(): void {
    const { timing, searchMs = 1_000 } = this.#options;
    if (this.#closed) return;
    this.#cancelSearch();
    this.#cancelSearch = timing.after(searchMs, () => void this.#open());
  }

  #readerCame(reader: PcscReader): void {
    if (this.#closed || this.#reader !== null || !reader.name.startsWith(this.#options.name)) return;
    this.#reader = reader;
    this.#chipPresent = false;
    this.#toldLost = false;
    this.#events.emit({ type: 'ready' });
  }

  #lose(reason: LostReason): void {
    this.#reader = null;
    this.#chipPresent = false;
    this.#lost = reason;
    this.#channel?.end('chipLost');
    this.#channel = null;
    if (!this.#toldLost && !this.#closed) this.#events.emit({ type: 'lost', reason });
    this.#toldLost = true;
  }
}

/** Null when the chip went again, or somebody else's program has it: looked for once more. */
async function connected(reader: PcscReader): Promise<PcscCard | null> {
  try {
    return await reader.connect();
  } catch {
    return null;
  }
}
