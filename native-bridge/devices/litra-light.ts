import { err, ok, type Result } from '../../app/contract/result.ts';
import type { CameraLight } from '../ports/camera-mount.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { Timing } from '../ports/timing.ts';
import { LITRA, type LitraAnswer, type LitraModelName, litraReport, lumensOf, readLitra } from '../protocol/litra.ts';
import type { HidOpener } from '../transport/hid-link.ts';
import { LINK_DELAYS, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { AskedDevice } from './asked-device.ts';

export interface LitraLightOptions {
  readonly opener: HidOpener;
  readonly timing: Timing;
  readonly model: LitraModelName;
  readonly answerTimeoutMs?: number;
  readonly heartbeatMs?: number;
  readonly linkDelays?: ResilientLinkDelays;
}

/** Numbers that a question carries and its answer repeats; 0 is what the light says by itself. */
const LAST_TAG = 15;

/** A Logitech Litra beside the camera. Each question has its own number, so no late answer is taken for another one's. */
export class LitraLight extends AskedDevice<LitraAnswer> implements CameraLight {
  readonly #model: LitraModelName;
  readonly #answerTimeoutMs: number;
  #tag = 0;
  #discardedBytes = 0;
  /** What was asked for last; shown again when the light comes back. */
  #wanted = 0;

  constructor(options: LitraLightOptions) {
    const { opener, timing, model, answerTimeoutMs = 400, heartbeatMs = 2_000, linkDelays = LINK_DELAYS } = options;
    super({ opener, timing, heartbeatMs, linkDelays });
    this.#model = model;
    this.#answerTimeoutMs = answerTimeoutMs;
  }

  /** Bytes of reports that were no answer, since the start. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  setLight(percent: number): Promise<Result<void, DeviceError>> {
    if (!(percent >= 0 && percent <= 100)) return Promise.resolve(err({ code: 'requestInvalid', what: 'percent' }));
    this.#wanted = percent;
    return this.asking.run(() => this.#show(percent));
  }

  async close(): Promise<void> {
    if (this.asking.ready) await this.setLight(0);
    await this.asking.close();
  }

  protected received(report: Uint8Array): void {
    const answer = readLitra(report);
    if (answer !== null) {
      this.asking.take(answer);
      return;
    }
    this.#discardedBytes += report.length;
    this.asking.heardNoise();
  }

  protected async greet(): Promise<Result<void, DeviceError>> {
    const on = await this.#question(LITRA.isOn, []);
    return on.ok ? ok() : on;
  }

  protected override cameUp(): void {
    if (this.#wanted > 0) void this.setLight(this.#wanted);
  }

  /** Sets, then asks back: only what the light says itself counts. */
  async #show(percent: number): Promise<Result<void, DeviceError>> {
    const lumens = lumensOf(this.#model, percent);
    if (percent > 0) {
      const set = await this.#question(LITRA.setLumens, [lumens >>> 8, lumens & 0xff]);
      if (!set.ok) return set;
    }
    const switched = await this.#question(LITRA.switch, [percent > 0 ? 1 : 0]);
    if (!switched.ok) return switched;
    const on = await this.#question(LITRA.isOn, []);
    if (!on.ok) return on;
    if (on.value[0] !== (percent > 0 ? 1 : 0)) return err({ code: 'deviceGarbled' });
    if (percent === 0) return ok();
    const given = await this.#question(LITRA.lumens, []);
    if (!given.ok) return given;
    return (given.value[0] ?? 0) * 256 + (given.value[1] ?? 0) === lumens ? ok() : err({ code: 'deviceGarbled' });
  }

  #question(functionIndex: number, parameters: readonly number[]): Promise<Result<Uint8Array, DeviceError>> {
    this.#tag = (this.#tag % LAST_TAG) + 1;
    const tag = this.#tag;
    const report = litraReport(functionIndex, tag, parameters);
    return this.asking.ask<Uint8Array>(report, this.#answerTimeoutMs, (answer) => {
      if (answer.tag !== tag || answer.functionIndex !== functionIndex) return undefined;
      return answer.kind === 'answer' ? ok(answer.parameters) : err({ code: 'deviceRejected', detail: answer.error });
    });
  }
}
