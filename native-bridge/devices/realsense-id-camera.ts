import { err, ok, type Result } from '../../app/contract/result.ts';
import { RealSenseIdDeframer, type RealSenseIdPacket } from '../framing/realsense-id-packet.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { FaceCamera, FaceCameraHint, SpoofVerdict } from '../ports/face-camera.ts';
import type { Timing } from '../ports/timing.ts';
import {
  adviceOf,
  FACE_CANCEL,
  faceMessage,
  follows,
  onTheWire,
  REALSENSE_ID,
  REALSENSE_STATUS,
  statusOf,
  verdictOf,
} from '../protocol/realsense-id.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { LINK_DELAYS, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { AskedDevice } from './asked-device.ts';
import { MessageStream } from './message-stream.ts';

export interface RealSenseIdTimes {
  /** For a ping's echo, the opening of a session, and the reply behind a result. */
  readonly answerTimeoutMs: number;
  /** For one look at whoever stands there; the maker allows itself 10 s. */
  readonly spoofTimeoutMs: number;
  /** Silence after which half a packet will not go on. */
  readonly gapMs: number;
  readonly heartbeatMs: number;
}

export const REALSENSE_ID_TIMES: RealSenseIdTimes = {
  answerTimeoutMs: 500,
  spoofTimeoutMs: 8_000,
  gapMs: 60,
  heartbeatMs: 2_000,
};

export interface RealSenseIdCameraOptions {
  readonly opener: LinkOpener;
  readonly timing: Timing;
  readonly times?: RealSenseIdTimes;
  readonly linkDelays?: ResilientLinkDelays;
}

/**
 * Intel RealSense ID F45x in its plain mode: presentation attack detection only; nobody is enrolled in it. Each look is a session of
 * its own. After anything irregular the camera is told to cancel and pinged with a number it never saw: it works in order, so what
 * comes before that echo belongs to something older and is dropped, and no late result is taken for another person's.
 */
export class RealSenseIdCamera extends AskedDevice<RealSenseIdPacket, FaceCameraHint> implements FaceCamera {
  readonly #times: RealSenseIdTimes;
  readonly #stream: MessageStream<RealSenseIdPacket>;
  #pings = 0;

  constructor({ opener, timing, times = REALSENSE_ID_TIMES, linkDelays = LINK_DELAYS }: RealSenseIdCameraOptions) {
    super({ opener, timing, heartbeatMs: times.heartbeatMs, linkDelays });
    this.#times = times;
    this.#stream = new MessageStream(() => new RealSenseIdDeframer(), times.gapMs, timing, {
      onMessage: (packet) => this.asking.take(packet),
      onNoise: () => this.asking.heardNoise(),
    });
  }

  /** Bytes that belonged to no packet, since the start; the camera's console texts are among them. */
  get discardedBytes(): number {
    return this.#stream.discardedBytes;
  }

  detectSpoof(): Promise<Result<SpoofVerdict, DeviceError>> {
    return this.asking.run(async () => {
      const opened = await this.#openSession();
      return opened.ok ? this.#judge() : opened;
    });
  }

  async close(): Promise<void> {
    this.#stream.end();
    if (this.asking.busy) await this.asking.write(FACE_CANCEL);
    await this.asking.close();
  }

  protected override opened(): void {
    this.#stream.begin();
  }

  protected received(bytes: Uint8Array): void {
    this.#stream.received(bytes);
  }

  /** A camera that still looks at somebody would answer into the next session, so it is told to cancel first. */
  protected async greet(): Promise<Result<void, DeviceError>> {
    const cancelled = await this.asking.write(FACE_CANCEL);
    if (!cancelled.ok) return cancelled;
    this.#pings += 1;
    const body = new Uint8Array(28);
    new DataView(body.buffer).setUint32(0, this.#pings);
    const isEcho = (answer: RealSenseIdPacket): boolean => body.every((byte, index) => answer.body[index] === byte);
    const ping = onTheWire({ id: REALSENSE_ID.ping, sequence: 0, body });
    return this.asking.ask<void>(ping, this.#times.answerTimeoutMs, (answer) =>
      answer.id === REALSENSE_ID.ping && isEcho(answer) ? ok() : undefined,
    );
  }

  #openSession(): Promise<Result<void, DeviceError>> {
    const packet = onTheWire({ id: REALSENSE_ID.startSession, sequence: 0, body: new Uint8Array(0) });
    return this.asking.ask<void>(packet, this.#times.answerTimeoutMs, (answer) => {
      if (answer.id === REALSENSE_ID.startSession) return ok();
      return answer.id === REALSENSE_ID.reply ? err(refusal(statusOf(answer))) : undefined;
    });
  }

  /** Hints, then a result, then the reply that ends the session; only all of them in their order are an answer. */
  async #judge(): Promise<Result<SpoofVerdict, DeviceError>> {
    let last = 0;
    let result: number | null = null;
    const look = onTheWire(faceMessage(REALSENSE_ID.detectSpoof, 1, 0));
    const ended = await this.asking.ask<number>(look, this.#times.spoofTimeoutMs, (packet) => {
      if (packet.id === REALSENSE_ID.startSession || packet.id === REALSENSE_ID.ping) return undefined;
      if (!follows(last, packet.sequence)) return err({ code: 'deviceGarbled' });
      last = packet.sequence;
      const status = statusOf(packet);
      if (packet.id === REALSENSE_ID.hint && status !== null)
        this.emit({ type: 'hint', advice: adviceOf(status), hint: status });
      if (packet.id === REALSENSE_ID.result) result = status;
      return packet.id === REALSENSE_ID.reply && status !== null ? ok(status) : undefined;
    });
    if (!ended.ok) return ended;
    if (ended.value !== REALSENSE_STATUS.ok) return err(refusal(ended.value));
    if (result === null) return err({ code: 'deviceGarbled' });
    const verdict = verdictOf(result);
    return verdict === null ? err(refusal(result)) : ok(verdict);
  }
}

function refusal(status: number | null): DeviceError {
  return status === null ? { code: 'deviceGarbled' } : { code: 'deviceRejected', detail: status };
}
