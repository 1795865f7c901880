import { err, ok, type Result } from '../../../app/contract/result.ts';
import type { DeviceError } from '../../../native-bridge/ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../../../native-bridge/ports/event-source.ts';
import type { Indicator, IndicatorEvent } from '../../../native-bridge/ports/indicator.ts';
import type { Lamp } from '../../../native-bridge/ports/lane-controller.ts';
import type { Timing } from '../../../native-bridge/ports/timing.ts';
import type { LinkOpener } from '../../../native-bridge/transport/byte-link.ts';
import { Exclusive } from '../../../native-bridge/transport/exclusive.ts';
import { LINK_DELAYS, ResilientLink } from '../../../native-bridge/transport/resilient-link.ts';

/** One byte a lamp; the device answers with the same byte when the lamp shines. */
const COMMANDS: Readonly<Record<Lamp, number>> = { off: 0x4f, red: 0x52, amber: 0x41, green: 0x47 };
const ANSWER_MS = 300;

/** A lamp on a serial line that speaks a made-up protocol: the smallest driver that keeps every promise of its port. */
export class SerialLamp implements Indicator {
  readonly #timing: Timing;
  readonly #events = new EventHub<IndicatorEvent>();
  readonly #link: ResilientLink;
  readonly #exclusive = new Exclusive(8);
  #wanted: Lamp = 'off';
  #ready = false;
  #closed = false;
  #answered: (byte: number) => void = () => undefined;

  constructor(opener: LinkOpener, timing: Timing) {
    this.#timing = timing;
    this.#link = new ResilientLink(opener, timing, LINK_DELAYS, {
      up: () => void this.#greet(),
      received: (bytes) => {
        for (const byte of bytes) this.#answered(byte);
      },
      down: (reason) => {
        this.#ready = false;
        if (!this.#closed) this.#events.emit({ type: 'lost', reason });
      },
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  subscribe(listener: (event: IndicatorEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  show(lamp: Lamp): Promise<Result<void, DeviceError>> {
    this.#wanted = lamp;
    // One command at a time: an answer belongs to the command before it.
    return this.#exclusive.run(() => (this.#closed ? closed() : this.#switch(lamp)));
  }

  async close(): Promise<void> {
    await this.#exclusive.run(() => {
      this.#closed = true;
      return this.#ready ? this.#switch('red') : Promise.resolve(ok());
    });
    this.#ready = false;
    await this.#link.close();
  }

  /** It is plugged in again: what was asked for last is shown before anybody is told that it is ready. */
  async #greet(): Promise<void> {
    const shown = await this.#exclusive.run(() => this.#switch(this.#wanted));
    if (this.#closed) return;
    if (!shown.ok) return this.#link.drop('silent');
    this.#ready = true;
    this.#events.emit({ type: 'ready' });
  }

  async #switch(lamp: Lamp): Promise<Result<void, DeviceError>> {
    const command = COMMANDS[lamp];
    const answer = new Promise<Result<void, DeviceError>>((resolve) => {
      const cancel = this.#timing.after(ANSWER_MS, () => resolve(err({ code: 'deviceTimeout', timeoutMs: ANSWER_MS })));
      this.#answered = (byte) => {
        cancel();
        resolve(byte === command ? ok() : err({ code: 'deviceGarbled' }));
      };
    });
    const written = await this.#link.write(Uint8Array.of(command));
    const result = written.ok ? await answer : written;
    this.#answered = () => undefined;
    return result;
  }
}

function closed(): Promise<Result<void, DeviceError>> {
  return Promise.resolve(err({ code: 'deviceClosed' }));
}
