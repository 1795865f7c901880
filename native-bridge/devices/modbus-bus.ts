import { err, ok, type Result } from '../../app/contract/result.ts';
import {
  answers,
  decodeResponse,
  encodeRequest,
  functionCodeOf,
  type ModbusRequest,
  type ModbusResponse,
} from '../framing/modbus-pdu.ts';
import { encodeRtu, RtuDeframer, responseLength } from '../framing/modbus-rtu.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { patience } from '../ports/patience.ts';
import { delay, type Timing } from '../ports/timing.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { deferred } from '../transport/deferred.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

export interface ModbusBusTimes {
  readonly interFrameGapMs: number;
  readonly responseTimeoutMs: number;
}

export interface ModbusBusHandlers {
  up(): void;
  down(reason: LostReason): void;
}

type Answer = Exclude<ModbusResponse, { kind: 'exception' }>;

interface Waiting {
  readonly request: ModbusRequest;
  heardBytes: number;
  readonly deframer: RtuDeframer;
  readonly settle: (result: Result<Answer, DeviceError>) => void;
}

/** How many callers may wait for the bus; a lane's verbs and one poll are far fewer. */
const MAX_WAITING = 32;

/**
 * Master of one RS-485 bus. One request at a time; whatever arrives outside a request, or does not fit it, is dropped and counted.
 * RTU has no transaction number, so after a missing answer the bus must be silent for a whole response time before the next request:
 * a late answer falls into that silence and is never taken for another one's.
 */
export class ModbusBus {
  readonly #link: ResilientLink;
  readonly #timing: Timing;
  readonly #times: ModbusBusTimes;
  readonly #exclusive = new Exclusive(MAX_WAITING);
  #waiting: Waiting | null = null;
  #lastByteAt = Number.NEGATIVE_INFINITY;
  #quarantined = false;
  #discardedBytes = 0;

  constructor(
    opener: LinkOpener,
    timing: Timing,
    times: ModbusBusTimes,
    linkDelays: ResilientLinkDelays,
    handlers: ModbusBusHandlers,
  ) {
    this.#timing = timing;
    this.#times = times;
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => {
        this.#quarantined = false;
        handlers.up();
      },
      received: (bytes) => this.#received(bytes),
      down: (reason) => {
        this.#settle(err({ code: 'deviceLost', reason }));
        handlers.down(reason);
      },
    });
  }

  get isUp(): boolean {
    return this.#link.isUp;
  }

  /** Bytes that belonged to no answer, since the start: a figure for the technician. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  start(): void {
    this.#link.start();
  }

  drop(reason: LostReason): void {
    this.#link.drop(reason);
  }

  async close(): Promise<void> {
    this.#settle(err({ code: 'deviceClosed' }));
    await this.#link.close();
  }

  /** Resolves once the next request could go out at once. Nothing is reserved: another one may be first. */
  untilSilent(): Promise<void> {
    return this.#awaitSilence();
  }

  /** One request, asked `attempts` times at most when the answer stays out or is garbled. An exception is an answer. */
  request(unit: number, request: ModbusRequest, attempts: number): Promise<Result<Answer, DeviceError>> {
    return this.#exclusive.run(async () => {
      let last: Result<Answer, DeviceError> = err({ code: 'requestInvalid', what: 'attempts' });
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        last = await this.#ask(unit, request);
        if (last.ok || (last.error.code !== 'deviceTimeout' && last.error.code !== 'deviceGarbled')) return last;
      }
      return last;
    });
  }

  async #ask(unit: number, request: ModbusRequest): Promise<Result<Answer, DeviceError>> {
    await this.#awaitSilence();
    const { promise, resolve } = deferred<Result<Answer, DeviceError>>();
    const readCount = request.kind === 'read' ? request.count : 0;
    const deframer = new RtuDeframer(responseLength(unit, functionCodeOf(request.kind), readCount));
    const waiting: Waiting = { request, heardBytes: 0, deframer, settle: resolve };
    this.#waiting = waiting;
    const written = await this.#link.write(encodeRtu(unit, encodeRequest(request)));
    if (!written.ok) {
      this.#waiting = null;
      return written;
    }
    const { responseTimeoutMs } = this.#times;
    const cancel = patience(this.#timing, responseTimeoutMs, () => {
      this.#quarantined = true;
      this.#lastByteAt = this.#timing.now();
      // Bytes came but no answer in them: the line is noisy rather than the unit dead.
      this.#settle(
        err(
          waiting.heardBytes > 0 ? { code: 'deviceGarbled' } : { code: 'deviceTimeout', timeoutMs: responseTimeoutMs },
        ),
      );
    });
    const answer = await promise;
    cancel();
    return answer;
  }

  #received(bytes: Uint8Array): void {
    this.#lastByteAt = this.#timing.now();
    const waiting = this.#waiting;
    if (waiting === null) {
      this.#discardedBytes += bytes.length;
      return;
    }
    waiting.heardBytes += bytes.length;
    const { frames, discardedBytes } = waiting.deframer.push(bytes);
    this.#discardedBytes += discardedBytes;
    for (const frame of frames) {
      const response = decodeResponse(frame.pdu);
      if (response === null || !answers(waiting.request, response)) continue;
      const { kind } = response;
      this.#settle(
        kind === 'exception' ? err({ code: 'deviceRejected', detail: response.exceptionCode }) : ok(response),
      );
      return;
    }
  }

  #settle(result: Result<Answer, DeviceError>): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.settle(result);
  }

  /** The gap units want between frames; after a missing answer, a whole response time without a byte, but never for ever. */
  async #awaitSilence(): Promise<void> {
    const { interFrameGapMs, responseTimeoutMs } = this.#times;
    const gapMs = this.#quarantined ? responseTimeoutMs : interFrameGapMs;
    const giveUpAt = this.#timing.now() + 4 * responseTimeoutMs;
    for (;;) {
      const now = this.#timing.now();
      const waitMs = this.#lastByteAt + gapMs - now;
      if (waitMs <= 0 || now >= giveUpAt) break;
      await delay(this.#timing, waitMs);
    }
    this.#quarantined = false;
  }
}
