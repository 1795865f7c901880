import { err, ok, type Result } from '../../app/contract/result.ts';
import {
  encodeVpcd,
  MAX_VPCD_MESSAGE,
  VPCD_ATR,
  VPCD_POWER_OFF,
  VPCD_POWER_ON,
  VPCD_RESET,
  VpcdDeframer,
} from '../framing/vpcd-frame.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { ChipReader, ChipReaderEvent } from '../ports/chip-reader.ts';
import type { DeviceError } from '../ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import { delay, type Timing } from '../ports/timing.ts';
import type { ByteLink, LinkSink } from '../transport/byte-link.ts';
import { type Deferred, deferred } from '../transport/deferred.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { listenTcp, type TcpListener } from '../transport/tcp-link.ts';

export interface VpcdChipReaderOptions {
  /** 127.0.0.1 unless a card may come from another machine. */
  readonly host: string;
  /** 35963 by custom; 0 takes a free one. */
  readonly port: number;
  readonly timing: Timing;
  readonly apduTimeoutMs: number;
}

type Answer = Result<Uint8Array, DeviceError>;

/** One virtual card that has connected. */
class VpcdCard {
  readonly #link: ByteLink;
  readonly #deframer = new VpcdDeframer();
  readonly #exclusive = new Exclusive(4);
  #waiting: Deferred<Answer> | null = null;
  gone = false;

  constructor(link: ByteLink) {
    this.#link = link;
  }

  received(bytes: Uint8Array): void {
    for (const message of this.#deframer.push(bytes)) {
      const waiting = this.#waiting;
      this.#waiting = null;
      // A card speaks only when asked; anything else is dropped.
      waiting?.resolve(ok(message));
    }
  }

  tell(control: number): Promise<Result<void, DeviceError>> {
    return this.#exclusive.run(async () => {
      const written = await this.#link.write(encodeVpcd(Uint8Array.of(control)));
      return written.ok ? ok() : err({ code: 'chipLost' });
    });
  }

  ask(message: Uint8Array, timing: Timing, timeoutMs: number): Promise<Answer> {
    return this.#exclusive.run(async () => {
      if (this.gone) return err({ code: 'chipLost' });
      const waiting = deferred<Answer>();
      this.#waiting = waiting;
      const cancel = timing.after(timeoutMs, () => {
        waiting.resolve(err({ code: 'deviceTimeout', timeoutMs }));
        // Its late answer would be taken for another one's.
        this.leave();
      });
      const written = await this.#link.write(encodeVpcd(message));
      if (!written.ok) waiting.resolve(err({ code: 'chipLost' }));
      const answer = await waiting.promise;
      cancel();
      return answer;
    });
  }

  leave(): void {
    this.gone = true;
    this.#waiting?.resolve(err({ code: 'chipLost' }));
    this.#waiting = null;
    void this.#link.close();
  }
}

/** A reader on a TCP port, into which any virtual card can "be held" by connecting (vsmartcard's vpcd protocol). */
export class VpcdChipReader implements ChipReader {
  readonly #options: VpcdChipReaderOptions;
  readonly #events = new EventHub<ChipReaderEvent>();
  #listener: TcpListener | null = null;
  #card: VpcdCard | null = null;
  #opened: VpcdCard | null = null;
  #closed = false;

  constructor(options: VpcdChipReaderOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#listener !== null;
  }

  /** Where cards connect; null while not listening. */
  get port(): number | null {
    return this.#listener?.port ?? null;
  }

  subscribe(listener: (event: ChipReaderEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    void this.#listen();
  }

  async awaitChip(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>> {
    const { timing, apduTimeoutMs } = this.#options;
    const until = timing.now() + timeoutMs;
    for (;;) {
      if (this.#closed) return err({ code: 'deviceClosed' });
      if (this.#listener === null) return err({ code: 'deviceLost', reason: 'openFailed' });
      const card = this.#card;
      if (card !== null) {
        for (const control of [VPCD_POWER_ON, VPCD_RESET]) await card.tell(control);
        // The ATR says nothing we need, but a card that does not give it is no card.
        const atr = await card.ask(Uint8Array.of(VPCD_ATR), timing, apduTimeoutMs);
        if (atr.ok) return ok(this.#channel(card));
      }
      if (timing.now() >= until) return err({ code: 'deviceTimeout', timeoutMs });
      await delay(timing, 5);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#card?.leave();
    this.#card = null;
    await this.#listener?.close();
    this.#listener = null;
  }

  #channel(card: VpcdCard): ApduChannel {
    const { timing, apduTimeoutMs } = this.#options;
    this.#opened = card;
    let open = true;
    return {
      maxCommandLength: MAX_VPCD_MESSAGE,
      maxResponseLength: MAX_VPCD_MESSAGE,
      transmit: (command) => {
        if (!open || this.#closed) return Promise.resolve(err({ code: 'deviceClosed' }));
        if (command.length < 4 || command.length > MAX_VPCD_MESSAGE)
          return Promise.resolve(err({ code: 'requestInvalid', what: 'apduLength' }));
        return card.ask(command, timing, apduTimeoutMs);
      },
      close: async () => {
        if (!open) return;
        open = false;
        if (this.#opened === card) this.#opened = null;
        await card.tell(VPCD_POWER_OFF);
      },
    };
  }

  async #listen(): Promise<void> {
    const { host, port, timing } = this.#options;
    const listening = await listenTcp(host, port, (link) => this.#accept(link));
    if (listening.ok && this.#closed) {
      await listening.value.close();
    } else if (listening.ok) {
      this.#listener = listening.value;
      this.#events.emit({ type: 'ready' });
    } else if (!this.#closed) {
      this.#events.emit({ type: 'lost', reason: 'openFailed' });
      timing.after(1_000, () => void this.#listen());
    }
  }

  #accept(link: ByteLink): LinkSink | null {
    if (this.#card !== null) return null;
    const card = new VpcdCard(link);
    this.#card = card;
    return {
      received: (bytes) => card.received(bytes),
      closed: () => {
        card.leave();
        if (this.#card === card) this.#card = null;
        if (this.#opened === card && !this.#closed) this.#events.emit({ type: 'chipLost' });
      },
    };
  }
}
