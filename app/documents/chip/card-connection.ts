import { err, ok, type Result } from '../../contract/result.ts';
import { concatBytes } from '../lds/ber-tlv.ts';
import {
  type Command,
  chainCommands,
  command,
  decodeResponse,
  encodeCommand,
  needsExtended,
  type Response,
} from './apdu.ts';
import type { ApduChannel } from './apdu-channel.ts';
import { blockBytes } from './crypto/block-cipher.ts';
import type { SecureMessaging, SecureMessagingError } from './secure-messaging.ts';

export type ConnectionError =
  /** The link failed; `detail` is the reader's own code. */
  | { readonly code: 'linkFailed'; readonly detail: string }
  | { readonly code: 'responseMalformed' }
  | { readonly code: 'responseTooLong' }
  | { readonly code: 'commandTooLong' }
  | { readonly code: 'aborted' }
  | SecureMessagingError;

export interface CardResponse extends Response {
  /** False for a bare status word in a secured session: nothing proves that the chip sent it. */
  readonly isAuthentic: boolean;
}

/** Bytes over the link since the connection was made, both ways, APDU headers and status words included. */
export interface Traffic {
  readonly exchanges: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** No response of a chip is longer than this, chained by GET RESPONSE or not. */
const MAX_RESPONSE_BYTES = 70_000;
const GET_RESPONSE = 0xc0;

/**
 * Commands in, responses out, over one channel: encoding, `61xx`, `6Cxx`, command chaining, and secure messaging once a session
 * stands. Commands are sent one at a time; the caller waits for each.
 */
export class CardConnection {
  readonly #channel: ApduChannel;
  readonly #signal: AbortSignal | null;
  #secure: SecureMessaging | null = null;
  #leavesStatusUnprotected = false;
  #traffic: Traffic = { exchanges: 0, bytesSent: 0, bytesReceived: 0 };

  constructor(channel: ApduChannel, signal: AbortSignal | null = null) {
    this.#channel = channel;
    this.#signal = signal;
  }

  get secure(): SecureMessaging | null {
    return this.#secure;
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** True once the chip has left the status word out of a protected answer. */
  get leavesStatusUnprotected(): boolean {
    return this.#leavesStatusUnprotected;
  }

  get maxCommandLength(): number {
    return this.#channel.maxCommandLength;
  }

  get maxResponseLength(): number {
    return this.#channel.maxResponseLength;
  }

  /** Takes up a session, or drops it with null: commands then go in clear again. */
  takeSession(secure: SecureMessaging | null): void {
    this.#secure = secure;
  }

  async send(cmd: Command): Promise<Result<CardResponse, ConnectionError>> {
    let last: Result<CardResponse, ConnectionError> = err({ code: 'commandTooLong' });
    for (const part of this.#split(cmd)) {
      last = await this.#sendOne(part);
      if (!last.ok || (part !== cmd && (part.cla & 0x10) !== 0 && last.value.status !== 0x9000)) return last;
    }
    return last;
  }

  /** One command where it fits the channel, a chain of short ones otherwise. */
  #split(cmd: Command): readonly Command[] {
    const overhead = this.#secure ? 2 * blockBytes(this.#secure.cipher) + 24 : 0;
    const isLong = cmd.data.length + overhead > 255;
    if (!isLong || cmd.data.length + overhead + 9 <= this.#channel.maxCommandLength) return [cmd];
    // A channel too short for the command has no extended length at all: more than 256 bytes then come by `61xx`.
    return chainCommands({ ...cmd, expected: Math.min(cmd.expected, 256) }, 255 - overhead);
  }

  async #sendOne(cmd: Command): Promise<Result<CardResponse, ConnectionError>> {
    const secure = this.#secure;
    const bytes = secure ? secure.protect(cmd) : encodeCommand(cmd);
    const raw = await this.#exchange(bytes, !needsExtended(cmd));
    if (!raw.ok) return raw;
    if (!secure) return ok({ ...raw.value, isAuthentic: true });
    if (raw.value.data.length === 0) {
      // Success without a MAC would be anybody's word for it.
      if (raw.value.status === 0x9000) return err({ code: 'secureResponseMalformed' });
      return ok({ ...raw.value, isAuthentic: false });
    }
    const opened = secure.unprotect(raw.value);
    if (!opened.ok) return opened;
    const { data, status, isStatusProtected } = opened.value;
    if (!isStatusProtected) this.#leavesStatusUnprotected = true;
    return ok({ data, status, isAuthentic: true });
  }

  /** One command and all of its answer: `6Cxx` says the right Le, `61xx` that more waits (ISO/IEC 7816-4 §5.3.4). */
  async #exchange(bytes: Uint8Array, isShort: boolean): Promise<Result<Response, ConnectionError>> {
    let answer = await this.#transmit(bytes);
    if (
      answer.ok &&
      answer.value.status >> 8 === 0x6c &&
      answer.value.data.length === 0 &&
      isShort &&
      bytes.length > 4
    ) {
      const again = Uint8Array.from(bytes);
      again[again.length - 1] = answer.value.status & 0xff;
      answer = await this.#transmit(again);
    }
    if (!answer.ok) return answer;
    const parts = [answer.value.data];
    let { status } = answer.value;
    let length = answer.value.data.length;
    while (status >> 8 === 0x61) {
      const more = await this.#transmit(encodeCommand(command(GET_RESPONSE, 0, 0, undefined, status & 0xff || 256)));
      if (!more.ok) return more;
      if (more.value.data.length === 0 && more.value.status >> 8 === 0x61) return err({ code: 'responseMalformed' });
      length += more.value.data.length;
      if (length > MAX_RESPONSE_BYTES) return err({ code: 'responseTooLong' });
      parts.push(more.value.data);
      status = more.value.status;
    }
    return ok({ data: parts.length === 1 ? parts[0]! : concatBytes(...parts), status });
  }

  async #transmit(bytes: Uint8Array): Promise<Result<Response, ConnectionError>> {
    if (this.#signal?.aborted) return err({ code: 'aborted' });
    if (bytes.length > this.#channel.maxCommandLength) return err({ code: 'commandTooLong' });
    const answer = await this.#channel.transmit(bytes);
    if (!answer.ok) return err({ code: 'linkFailed', detail: answer.error.code });
    if (answer.value.length > MAX_RESPONSE_BYTES) return err({ code: 'responseTooLong' });
    this.#traffic = {
      exchanges: this.#traffic.exchanges + 1,
      bytesSent: this.#traffic.bytesSent + bytes.length,
      bytesReceived: this.#traffic.bytesReceived + answer.value.length,
    };
    const response = decodeResponse(answer.value);
    return response ? ok(response) : err({ code: 'responseMalformed' });
  }
}
