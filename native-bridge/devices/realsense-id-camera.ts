import { err, ok, type Result } from '../../app/contract/result.ts';
import { RealSenseIdDeframer, type RealSenseIdPacket } from '../framing/realsense-id-packet.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import type { FaceCamera, FaceCameraEvent, SpoofVerdict } from '../ports/face-camera.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import {
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
import { Exclusive } from '../transport/exclusive.ts';
import { LINK_DELAYS, ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

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

/** Looks at one packet; undefined: not what is waited for. */
type Take<T> = (packet: RealSenseIdPacket) => Result<T, DeviceError> | undefined;

interface Waiting {
  readonly take: (packet: RealSenseIdPacket) => boolean;
  readonly fail: (error: DeviceError) => void;
  heardNoise: boolean;
}

/**
 * Intel RealSense ID F45x in its plain mode: presentation attack detection only; nobody is enrolled in it. Each look is a session of
 * its own. After anything irregular the camera is told to cancel and pinged with a number it never saw: it works in order, so what
 * comes before that echo belongs to something older and is dropped, and no late result is taken for another person's.
 */
export class RealSenseIdCamera implements FaceCamera {
  readonly #timing: Timing;
  readonly #times: RealSenseIdTimes;
  readonly #events = new EventHub<FaceCameraEvent>();
  readonly #exclusive = new Exclusive(4);
  readonly #link: ResilientLink;
  #deframer = new RealSenseIdDeframer();
  #waiting: Waiting | null = null;
  #pings = 0;
  #synced = false;
  #ready = false;
  /** `lost` is told once until the next `ready`, however often the port is opened in vain. */
  #toldLost = false;
  #closed = false;
  #busy = false;
  #lost: LostReason = 'openFailed';
  #discardedBytes = 0;
  #cancelGap: Cancel = () => {};
  #cancelHeartbeat: Cancel = () => {};

  constructor({ opener, timing, times = REALSENSE_ID_TIMES, linkDelays = LINK_DELAYS }: RealSenseIdCameraOptions) {
    this.#timing = timing;
    this.#times = times;
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => {
        this.#deframer = new RealSenseIdDeframer();
        this.#synced = false;
        void this.#comeUp();
      },
      received: (bytes) => this.#received(bytes),
      down: (reason) => this.#down(reason),
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Bytes that belonged to no packet, since the start; the camera's console texts are among them. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  subscribe(listener: (event: FaceCameraEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  detectSpoof(): Promise<Result<SpoofVerdict, DeviceError>> {
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    return this.#exclusive.run(async () => {
      if (!this.#ready) return this.#unavailable();
      this.#busy = true;
      const verdict = await this.#look();
      this.#busy = false;
      if (!verdict.ok) this.#synced = false;
      return verdict;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    this.#cancelGap();
    this.#cancelHeartbeat();
    if (this.#busy) await this.#link.write(FACE_CANCEL);
    this.#waiting?.fail({ code: 'deviceClosed' });
    await this.#link.close();
  }

  #unavailable(): Result<never, DeviceError> {
    return err(this.#closed ? { code: 'deviceClosed' } : { code: 'deviceLost', reason: this.#lost });
  }

  async #look(): Promise<Result<SpoofVerdict, DeviceError>> {
    if (!this.#synced) {
      const synced = await this.#synchronise();
      if (!synced.ok) return synced;
    }
    const opened = await this.#openSession();
    if (!opened.ok) return opened;
    const verdict = await this.#judge();
    // Told also when it may have finished: a camera that looks on would answer into the next session.
    if (!verdict.ok && this.#link.isUp) await this.#link.write(FACE_CANCEL);
    return verdict;
  }

  #openSession(): Promise<Result<void, DeviceError>> {
    const packet = onTheWire({ id: REALSENSE_ID.startSession, sequence: 0, body: new Uint8Array(0) });
    return this.#ask<void>(packet, this.#times.answerTimeoutMs, (answer) => {
      if (answer.id === REALSENSE_ID.startSession) return ok();
      return answer.id === REALSENSE_ID.reply ? err(refusal(statusOf(answer))) : undefined;
    });
  }

  /** Hints, then a result, then the reply that ends the session; only all of them in their order are an answer. */
  async #judge(): Promise<Result<SpoofVerdict, DeviceError>> {
    let last = 0;
    let result: number | null = null;
    const look = onTheWire(faceMessage(REALSENSE_ID.detectSpoof, 1, 0));
    const ended = await this.#ask<number>(look, this.#times.spoofTimeoutMs, (packet) => {
      if (packet.id === REALSENSE_ID.startSession || packet.id === REALSENSE_ID.ping) return undefined;
      if (!follows(last, packet.sequence)) return err({ code: 'deviceGarbled' });
      last = packet.sequence;
      const status = statusOf(packet);
      if (packet.id === REALSENSE_ID.hint && status !== null) this.#events.emit({ type: 'hint', hint: status });
      if (packet.id === REALSENSE_ID.result) result = status;
      return packet.id === REALSENSE_ID.reply && status !== null ? ok(status) : undefined;
    });
    if (!ended.ok) return ended;
    if (ended.value !== REALSENSE_STATUS.ok) return err(refusal(ended.value));
    if (result === null) return err({ code: 'deviceGarbled' });
    const verdict = verdictOf(result);
    return verdict === null ? err(refusal(result)) : ok(verdict);
  }

  /** Ends whatever the camera does and finds the place in its stream again. A camera that fails here is lost. */
  async #synchronise(): Promise<Result<void, DeviceError>> {
    const cancelled = await this.#link.write(FACE_CANCEL);
    if (!cancelled.ok) return cancelled;
    const echoed = await this.#ping();
    this.#synced = echoed.ok;
    if (echoed.ok || this.#closed || !this.#link.isUp) return echoed;
    const reason = echoed.error.code === 'deviceGarbled' ? 'garbled' : 'silent';
    this.#link.drop(reason);
    return err({ code: 'deviceLost', reason });
  }

  #ping(): Promise<Result<void, DeviceError>> {
    this.#pings += 1;
    const body = new Uint8Array(28);
    new DataView(body.buffer).setUint32(0, this.#pings);
    const isEcho = (answer: RealSenseIdPacket): boolean => body.every((byte, index) => answer.body[index] === byte);
    return this.#ask<void>(
      onTheWire({ id: REALSENSE_ID.ping, sequence: 0, body }),
      this.#times.answerTimeoutMs,
      (answer) => (answer.id === REALSENSE_ID.ping && isEcho(answer) ? ok() : undefined),
    );
  }

  async #ask<T>(bytes: Uint8Array, timeoutMs: number, take: Take<T>): Promise<Result<T, DeviceError>> {
    return new Promise((resolve) => {
      const settle = (result: Result<T, DeviceError>): true => {
        cancel();
        if (this.#waiting === waiting) this.#waiting = null;
        resolve(result);
        return true;
      };
      const waiting: Waiting = {
        heardNoise: false,
        take: (packet) => {
          const taken = take(packet);
          return taken === undefined ? false : settle(taken);
        },
        fail: (error) => void settle(err(error)),
      };
      const cancel = this.#timing.after(timeoutMs, () =>
        waiting.fail(waiting.heardNoise ? { code: 'deviceGarbled' } : { code: 'deviceTimeout', timeoutMs }),
      );
      this.#waiting = waiting;
      void this.#link.write(bytes).then((written) => {
        if (!written.ok) waiting.fail(written.error);
      });
    });
  }

  #received(bytes: Uint8Array): void {
    this.#cancelGap();
    this.#take(this.#deframer.push(bytes));
    if (this.#closed || this.#deframer.heldBytes === 0) return;
    this.#cancelGap = this.#timing.after(this.#times.gapMs, () => this.#take(this.#deframer.idle()));
  }

  #take({ packets, discardedBytes }: ReturnType<RealSenseIdDeframer['push']>): void {
    this.#discardedBytes += discardedBytes;
    if (discardedBytes > 0 && this.#waiting !== null) this.#waiting.heardNoise = true;
    for (const packet of packets) this.#waiting?.take(packet);
  }

  async #comeUp(): Promise<void> {
    const synced = await this.#exclusive.run(() => this.#synchronise());
    if (!synced.ok || this.#closed || !this.#link.isUp) return;
    this.#ready = true;
    this.#toldLost = false;
    this.#events.emit({ type: 'ready' });
    this.#beat();
  }

  /** A camera that hangs is noticed before the next traveller stands there. */
  #beat(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#timing.after(this.#times.heartbeatMs, () => {
      const asked = this.#busy ? Promise.resolve(ok()) : this.#exclusive.run(() => this.#synchronise());
      void asked.then(() => {
        if (this.#ready) this.#beat();
      });
    });
  }

  #down(reason: LostReason): void {
    this.#cancelGap();
    this.#cancelHeartbeat();
    this.#ready = false;
    this.#lost = reason;
    this.#waiting?.fail({ code: 'deviceLost', reason });
    if (!this.#toldLost) this.#events.emit({ type: 'lost', reason });
    this.#toldLost = true;
  }
}

function refusal(status: number | null): DeviceError {
  return status === null ? { code: 'deviceGarbled' } : { code: 'deviceRejected', detail: status };
}
