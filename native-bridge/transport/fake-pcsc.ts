import { err, ok, type Result } from '../../app/contract/result.ts';
import type { PcscCard, PcscError, PcscLoader, PcscService, PcscSink } from './pcsc.ts';

/** A chip as a fake service knows it; `delay` holds an answer back. */
export interface FakeChip {
  transmit(command: Uint8Array): Promise<Uint8Array>;
}

/** A PC/SC service with one reader, made of a test. */
export class FakePcsc {
  readonly readerName: string;
  /** What opening the service answers; null lets it open. */
  refusal: PcscError | null = null;
  opened = 0;
  #sink: PcscSink | null = null;
  #plugged = true;
  #chip: FakeChip | null = null;
  /** Raised when the chip leaves or the reader goes: connections of before are dead. */
  #session = 0;

  constructor(readerName: string) {
    this.readerName = readerName;
  }

  readonly load: PcscLoader = (sink): Promise<Result<PcscService, PcscError>> => {
    if (this.refusal !== null) return Promise.resolve(err(this.refusal));
    this.opened += 1;
    this.#sink = sink;
    if (this.#plugged) this.#tellReader();
    return Promise.resolve(
      ok({
        stop: () => {
          if (this.#sink === sink) this.#sink = null;
        },
      }),
    );
  };

  present(chip: FakeChip): void {
    this.#chip = chip;
    if (this.#plugged) this.#sink?.chip(this.readerName, true);
  }

  remove(): void {
    this.#chip = null;
    this.#session += 1;
    if (this.#plugged) this.#sink?.chip(this.readerName, false);
  }

  unplug(): void {
    this.#plugged = false;
    this.#session += 1;
    this.#sink?.readerGone(this.readerName);
  }

  plug(): void {
    this.#plugged = true;
    this.#tellReader();
  }

  /** The service of the machine ends; what comes next is `refusal`. */
  fail(): void {
    this.#session += 1;
    const sink = this.#sink;
    this.#sink = null;
    sink?.failed();
  }

  #tellReader(): void {
    this.#sink?.readerCame({ name: this.readerName, connect: () => this.#connect() });
    if (this.#chip !== null) this.#sink?.chip(this.readerName, true);
  }

  async #connect(): Promise<PcscCard> {
    const chip = this.#chip;
    const session = this.#session;
    if (chip === null) throw new Error('NoSmartCard');
    const alive = <T>(value: T): T => {
      if (session !== this.#session) throw new Error('RemovedCard');
      return value;
    };
    return {
      transmit: async (command) => alive(await alive(chip).transmit(command)),
      disconnect: async () => alive(undefined),
    };
  }
}
