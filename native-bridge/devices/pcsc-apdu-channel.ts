import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { Timing } from '../ports/timing.ts';
import { Exclusive } from '../transport/exclusive.ts';
import type { PcscCard } from '../transport/pcsc.ts';

export interface PcscApduChannelOptions {
  readonly card: PcscCard;
  readonly timing: Timing;
  readonly timeoutMs: number;
  readonly extendedLength: boolean;
}

const SHORT = { command: 4 + 1 + 255 + 1, response: 256 + 2 };
const EXTENDED = { command: 4 + 3 + 65_535 + 2, response: 65_536 + 2 };
type Ended = 'open' | 'deviceClosed' | 'chipLost';

/** APDUs through PC/SC. What fails leaves the chip's place in its protocol unknown, so the channel ends with it. */
export class PcscApduChannel implements ApduChannel {
  readonly maxCommandLength: number;
  readonly maxResponseLength: number;
  readonly #options: PcscApduChannelOptions;
  readonly #exclusive = new Exclusive(4);
  #ended: Ended = 'open';

  constructor(options: PcscApduChannelOptions) {
    this.#options = options;
    const limits = options.extendedLength ? EXTENDED : SHORT;
    this.maxCommandLength = limits.command;
    this.maxResponseLength = limits.response;
  }

  transmit(command: Uint8Array): Promise<Result<Uint8Array, DeviceError>> {
    if (command.length < 4 || command.length > this.maxCommandLength)
      return Promise.resolve(err({ code: 'requestInvalid', what: 'apduLength' }));
    return this.#exclusive.run(async () => {
      if (this.#ended !== 'open') return err({ code: this.#ended });
      const answer = await this.#exchange(command);
      if (!answer.ok) this.end('chipLost');
      return answer;
    });
  }

  async close(): Promise<void> {
    if (!this.end('deviceClosed')) {
      this.#ended = 'deviceClosed';
      return;
    }
    await this.#letGo();
  }

  /** True when it was open until now. */
  end(how: Exclude<Ended, 'open'>): boolean {
    const wasOpen = this.#ended === 'open';
    if (wasOpen) this.#ended = how;
    return wasOpen;
  }

  #exchange(command: Uint8Array): Promise<Result<Uint8Array, DeviceError>> {
    const { card, timing, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const cancel = timing.after(timeoutMs, () => {
        resolve(err({ code: 'deviceTimeout', timeoutMs }));
        // Its late answer has nobody left; the reset makes the next channel begin anew.
        void this.#letGo();
      });
      void card.transmit(command).then(
        (answer) => {
          cancel();
          resolve(
            answer.length >= 2 && answer.length <= EXTENDED.response ? ok(answer) : err({ code: 'deviceGarbled' }),
          );
        },
        () => {
          cancel();
          resolve(err({ code: 'chipLost' }));
        },
      );
    });
  }

  async #letGo(): Promise<void> {
    // A chip that is gone needs no letting go.
    await this.#options.card.disconnect().catch(() => undefined);
  }
}
