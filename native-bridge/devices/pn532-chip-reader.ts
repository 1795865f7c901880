import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { ChipReader, ChipReaderEvent } from '../ports/chip-reader.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import { type ChipKind, LIST_TARGET, PN532, PN532_IC, SAM_NORMAL, takesApdus } from '../protocol/pn532.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { LINK_DELAYS, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { Pn532ApduChannel } from './pn532-apdu-channel.ts';
import { PN532_TIMES, Pn532Commander, type Pn532Times } from './pn532-commander.ts';

export interface ChipReaderTimes extends Pn532Times {
  /** A chip may think this long about one APDU; key agreement on old passports takes more than a second. */
  readonly apduTimeoutMs: number;
  /** Between two looks for a chip, so that its field and the line rest. */
  readonly pollMs: number;
  /** How often an idle reader is asked whether it is still there. */
  readonly heartbeatMs: number;
}

export const CHIP_READER_TIMES: ChipReaderTimes = {
  ...PN532_TIMES,
  apduTimeoutMs: 4_000,
  pollMs: 50,
  heartbeatMs: 1_000,
};

export interface Pn532ChipReaderOptions {
  readonly opener: LinkOpener;
  readonly timing: Timing;
  readonly times?: ChipReaderTimes;
  readonly linkDelays?: ResilientLinkDelays;
}

/**
 * How often the chip itself looks for a target before it answers "none" (RFConfiguration item 5: ATR, PSL, activation). Without an
 * end it would look for ever and answer nothing (NXP UM0701-02 §7.3.1).
 */
const FEW_RETRIES = Uint8Array.of(PN532.rfConfiguration, 0x05, 0xff, 0x01, 0x01);
const KINDS: readonly ChipKind[] = ['typeA', 'typeB'];

/** Contactless reader made of a PN532 on its high speed UART: 115200 8N1. */
export class Pn532ChipReader implements ChipReader {
  readonly #events = new EventHub<ChipReaderEvent>();
  readonly #commander: Pn532Commander;
  readonly #timing: Timing;
  readonly #times: ChipReaderTimes;
  #channel: Pn532ApduChannel | null = null;
  #ready = false;
  /** `lost` is told once until the next `ready`, however often the port is opened in vain. */
  #toldLost = false;
  #closed = false;
  readonly #oneSearch = new Exclusive(1);
  #lost: LostReason = 'openFailed';
  #cancelHeartbeat: Cancel = () => {};

  constructor({ opener, timing, times = CHIP_READER_TIMES, linkDelays = LINK_DELAYS }: Pn532ChipReaderOptions) {
    this.#timing = timing;
    this.#times = times;
    this.#commander = new Pn532Commander(opener, timing, times, linkDelays, {
      up: () => void this.#configure(),
      down: (reason) => this.#down(reason),
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  subscribe(listener: (event: ChipReaderEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#commander.start();
  }

  awaitChip(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>> {
    return this.#oneSearch.run(() => this.#search(timeoutMs));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    this.#cancelHeartbeat();
    this.#channel?.end('deviceClosed');
    await this.#commander.close();
  }

  async #search(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>> {
    await this.#channel?.close();
    this.#channel = null;
    const until = this.#timing.now() + timeoutMs;
    for (;;) {
      for (const kind of KINDS) {
        if (this.#closed) return err({ code: 'deviceClosed' });
        if (!this.#ready) return err({ code: 'deviceLost', reason: this.#lost });
        const found = await this.#activate(kind);
        if (!found.ok) return found;
        if (found.value !== null) return ok(this.#openChannel(found.value));
      }
      if (this.#timing.now() >= until) return err({ code: 'deviceTimeout', timeoutMs });
      await delay(this.#timing, this.#times.pollMs);
    }
  }

  /** The target's number, or null when there is none that takes APDUs. */
  async #activate(kind: ChipKind): Promise<Result<number | null, DeviceError>> {
    const listed = await this.#commander.command(Uint8Array.of(PN532.inListPassiveTarget, 1, ...LIST_TARGET[kind]));
    if (!listed.ok) return listed;
    const [count = 0, target = 0] = listed.value;
    if (count === 0) return ok(null);
    if (takesApdus(kind, listed.value.subarray(1))) return ok(target);
    // A travel pass or a token; let go, so that a passport behind it can be found.
    const released = await this.#commander.command(Uint8Array.of(PN532.inRelease, 0));
    return released.ok ? ok(null) : released;
  }

  #openChannel(target: number): ApduChannel {
    const channel = new Pn532ApduChannel(this.#commander, target, this.#times.apduTimeoutMs, () =>
      this.#events.emit({ type: 'chipLost' }),
    );
    this.#channel = channel;
    return channel;
  }

  async #configure(): Promise<void> {
    const version = await this.#commander.command(Uint8Array.of(PN532.getFirmwareVersion));
    if (!version.ok) return;
    if (version.value[0] !== PN532_IC) {
      this.#commander.drop('garbled');
      return;
    }
    for (const command of [SAM_NORMAL, FEW_RETRIES]) {
      const done = await this.#commander.command(command);
      if (!done.ok) {
        this.#commander.drop(done.error.code === 'deviceTimeout' ? 'silent' : 'garbled');
        return;
      }
    }
    if (this.#closed) return;
    this.#ready = true;
    this.#toldLost = false;
    this.#events.emit({ type: 'ready' });
    this.#beat();
  }

  /** A reader that hangs is noticed before the next traveller needs it. A failed beat makes the commander look closer and drop it. */
  #beat(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#timing.after(this.#times.heartbeatMs, () => {
      const idle = !this.#oneSearch.isBusy && this.#channel?.busy !== true;
      const asked = idle ? this.#commander.command(Uint8Array.of(PN532.getFirmwareVersion)) : Promise.resolve(ok());
      void asked.then(() => {
        if (this.#ready) this.#beat();
      });
    });
  }

  #down(reason: LostReason): void {
    this.#cancelHeartbeat();
    this.#ready = false;
    this.#lost = reason;
    this.#channel?.end('chipLost');
    this.#channel = null;
    if (!this.#toldLost) this.#events.emit({ type: 'lost', reason });
    this.#toldLost = true;
  }
}
