import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { DeviceError } from '../ports/device-error.ts';
import { CHIP_GONE, MAX_EXCHANGE_DATA, MORE_INFORMATION, PN532, STATUS_MASK } from '../protocol/pn532.ts';
import { Exclusive } from '../transport/exclusive.ts';
import type { Pn532Commander } from './pn532-commander.ts';

/** Header, extended Lc, 65535 bytes, extended Le; and the longest response with its status word. */
const MAX_COMMAND = 4 + 3 + 65_535 + 2;
const MAX_RESPONSE = 65_536 + 2;

type Ended = 'open' | 'deviceClosed' | 'chipLost';

/**
 * APDUs through InDataExchange (NXP UM0701-02 §7.3.8). The chip does ISO/IEC 14443-4 itself; APDUs longer than one packet go in
 * pieces with the more-information bit, both ways. A chip that did not answer in time is in an unknown state, so its channel ends.
 */
export class Pn532ApduChannel implements ApduChannel {
  readonly maxCommandLength = MAX_COMMAND;
  readonly maxResponseLength = MAX_RESPONSE;
  readonly #commander: Pn532Commander;
  readonly #target: number;
  readonly #timeoutMs: number;
  readonly #onChipLost: () => void;
  readonly #exclusive = new Exclusive(4);
  #ended: Ended = 'open';
  #busy = false;

  constructor(commander: Pn532Commander, target: number, timeoutMs: number, onChipLost: () => void) {
    this.#commander = commander;
    this.#target = target;
    this.#timeoutMs = timeoutMs;
    this.#onChipLost = onChipLost;
  }

  get busy(): boolean {
    return this.#busy;
  }

  transmit(command: Uint8Array): Promise<Result<Uint8Array, DeviceError>> {
    if (command.length < 4 || command.length > MAX_COMMAND)
      return Promise.resolve(err({ code: 'requestInvalid', what: 'apduLength' }));
    return this.#exclusive.run(async () => {
      if (this.#ended !== 'open') return err({ code: this.#ended });
      this.#busy = true;
      const response = await this.#exchange(command);
      this.#busy = false;
      if (!response.ok && this.#ended === 'open') {
        // Whatever went wrong, the chip's place in its protocol is unknown now.
        this.#ended = 'chipLost';
        if (response.error.code === 'chipLost') this.#onChipLost();
      }
      return response;
    });
  }

  async close(): Promise<void> {
    if (this.#ended === 'deviceClosed') return;
    this.#ended = 'deviceClosed';
    // A reader that does not answer this any more has let go of the chip as well.
    await this.#commander.command(Uint8Array.of(PN532.inRelease, this.#target));
  }

  /** The reader is gone or closed; nothing is sent any more. */
  end(how: Exclude<Ended, 'open'>): void {
    this.#ended = how;
  }

  async #exchange(command: Uint8Array): Promise<Result<Uint8Array, DeviceError>> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    let sent = 0;
    for (;;) {
      const piece = command.subarray(sent, sent + MAX_EXCHANGE_DATA);
      sent += piece.length;
      const moreToSend = sent < command.length;
      const target = moreToSend ? this.#target | MORE_INFORMATION : this.#target;
      const answer = await this.#commander.command(
        Uint8Array.of(PN532.inDataExchange, target, ...piece),
        this.#timeoutMs,
      );
      if (!answer.ok) return answer;
      const [status = 0xff] = answer.value;
      const code = status & STATUS_MASK;
      if (code !== 0) return err(CHIP_GONE.has(code) ? { code: 'chipLost' } : { code: 'deviceRejected', detail: code });
      if (moreToSend) continue;
      pieces.push(answer.value.subarray(1));
      length += answer.value.length - 1;
      const moreToCome = (status & MORE_INFORMATION) !== 0;
      // A chip that never stops sending must not fill our memory; one that sends nothing more must not keep us here.
      if (length > MAX_RESPONSE || (moreToCome && answer.value.length === 1)) return err({ code: 'deviceGarbled' });
      if (!moreToCome) return length >= 2 ? ok(join(pieces, length)) : err({ code: 'deviceGarbled' });
    }
  }
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
