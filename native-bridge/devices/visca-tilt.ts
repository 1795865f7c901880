import { err, ok, type Result } from '../../app/contract/result.ts';
import { ViscaDeframer } from '../framing/visca-frame.ts';
import type { CameraTilt } from '../ports/camera-mount.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { Timing } from '../ports/timing.ts';
import { readReply, toPosition, VISCA_POSITION, VISCA_VERSION, type ViscaReply } from '../protocol/visca.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { LINK_DELAYS, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { AskedDevice } from './asked-device.ts';
import { MessageStream } from './message-stream.ts';

/** What the mount can do; its maker's figures. */
export interface TiltRange {
  readonly lowestDegrees: number;
  readonly highestDegrees: number;
  readonly stepsPerDegree: number;
}

const VISCA_RANGE: TiltRange = { lowestDegrees: -25, highestDegrees: 25, stepsPerDegree: 13.33 };

export interface ViscaTiltOptions {
  readonly opener: LinkOpener;
  readonly timing: Timing;
  readonly range?: TiltRange;
  readonly answerTimeoutMs?: number;
  /** From one end to the other. */
  readonly moveTimeoutMs?: number;
  readonly heartbeatMs?: number;
  readonly linkDelays?: ResilientLinkDelays;
}

const GAP_MS = 60;
/** Steps by which a mount may miss. */
const TOLERANCE = 2;

/** A camera mount that speaks VISCA. Without checksums on the line, each move is believed only after the mount was asked where it is. */
export class ViscaTilt extends AskedDevice<ViscaReply> implements CameraTilt {
  readonly #range: TiltRange;
  readonly #answerTimeoutMs: number;
  readonly #moveTimeoutMs: number;
  readonly #stream: MessageStream<Uint8Array>;

  constructor({
    opener,
    timing,
    range = VISCA_RANGE,
    answerTimeoutMs = 400,
    moveTimeoutMs = 4_000,
    heartbeatMs = 2_000,
    linkDelays = LINK_DELAYS,
  }: ViscaTiltOptions) {
    super({ opener, timing, heartbeatMs, linkDelays });
    this.#range = range;
    this.#stream = new MessageStream(() => new ViscaDeframer(), GAP_MS, timing, {
      onMessage: (message) => {
        const reply = readReply(message);
        if (reply === null) this.asking.heardNoise();
        else this.asking.take(reply);
      },
      onNoise: () => this.asking.heardNoise(),
    });
    this.#answerTimeoutMs = answerTimeoutMs;
    this.#moveTimeoutMs = moveTimeoutMs;
  }

  /** Bytes that belonged to no message, since the start. */
  get discardedBytes(): number {
    return this.#stream.discardedBytes;
  }

  setTilt(degrees: number): Promise<Result<void, DeviceError>> {
    const { lowestDegrees, highestDegrees, stepsPerDegree } = this.#range;
    if (!(degrees >= lowestDegrees && degrees <= highestDegrees))
      return Promise.resolve(err({ code: 'requestInvalid', what: 'degrees' }));
    const steps = Math.round(degrees * stepsPerDegree);
    return this.asking.run(() => this.#move(steps));
  }

  async close(): Promise<void> {
    this.#stream.end();
    await this.asking.close();
  }

  protected override opened(): void {
    this.#stream.begin();
  }

  protected received(bytes: Uint8Array): void {
    this.#stream.received(bytes);
  }

  /** Answered in order, and by nothing else: what comes before belongs to something older. */
  protected greet(): Promise<Result<void, DeviceError>> {
    return this.asking.ask<void>(VISCA_VERSION, this.#answerTimeoutMs, (reply) =>
      reply.kind === 'version' ? ok() : undefined,
    );
  }

  async #move(steps: number): Promise<Result<void, DeviceError>> {
    let socket: number | null = null;
    const moved = await this.asking.ask<void>(toPosition(0, steps), this.#moveTimeoutMs, (reply) => {
      if (reply.kind === 'acknowledged') socket = reply.socket;
      if (reply.kind === 'refused') return err({ code: 'deviceRejected', detail: reply.error });
      // The end of an older move has another socket, or comes before our acknowledgement.
      return reply.kind === 'completed' && reply.socket === socket ? ok() : undefined;
    });
    if (!moved.ok) return moved;
    const standing = await this.asking.ask<number>(VISCA_POSITION, this.#answerTimeoutMs, (reply) =>
      reply.kind === 'position' ? ok(reply.tilt) : undefined,
    );
    if (!standing.ok) return standing;
    return Math.abs(standing.value - steps) <= TOLERANCE ? ok() : err({ code: 'deviceGarbled' });
  }
}
