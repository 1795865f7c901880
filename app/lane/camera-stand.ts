import type { FrameAssessment } from '../../models/face/worker-messages.ts';
import type { CameraLight, CameraTilt } from '../../native-bridge/ports/camera-mount.ts';
import type { HearResult } from './accessory-trouble.ts';
import type { Clock } from './clock.ts';
import { LatestOrder } from './latest-order.ts';
import { beginLight, exposureOf, exposureOfScene, type LightRange, type LightState, stepLight } from './light-rule.ts';
import { beginTilt, stepTilt, type TiltRange, type TiltState } from './tilt-rule.ts';

interface Light {
  readonly range: LightRange;
  readonly order: LatestOrder<number>;
  state: LightState;
}

interface Tilt {
  readonly range: TiltRange;
  readonly order: LatestOrder<number>;
  state: TiltState;
}

export interface CameraStandOptions {
  readonly clock: Clock;
  readonly light: { readonly device: CameraLight; readonly range: LightRange; readonly hear: HearResult } | null;
  readonly tilt: { readonly device: CameraTilt; readonly range: TiltRange; readonly hear: HearResult } | null;
}

/** The light beside the camera and the mount under it, during captures only. Nobody waits for either. */
export class CameraStand {
  readonly #light: Light | null;
  readonly #tilt: Tilt | null;
  /** The traveller has the screen's low layout: they look from lower down. */
  #low = false;
  #capturing = false;

  constructor({ clock, light, tilt }: CameraStandOptions) {
    this.#light =
      light === null
        ? null
        : {
            range: light.range,
            order: new LatestOrder((percent) => light.device.setLight(percent), light.hear, clock),
            state: beginLight(light.range),
          };
    this.#tilt =
      tilt === null
        ? null
        : {
            range: tilt.range,
            order: new LatestOrder((degrees) => tilt.device.setTilt(degrees), tilt.hear, clock),
            state: beginTilt(tilt.range, false),
          };
    // A mount that was away, or that a lane that died has left tilted, is told anew. A light remembers by itself.
    tilt?.device.subscribe(({ type }) => {
      if (type === 'ready') this.#tilt?.order.again();
    });
    this.#tilt?.order.wish(this.#tilt.state.degrees);
  }

  /** Somebody is to be seen. */
  begin(): void {
    // More attentive now, and still the same capture: what was found for it stays.
    if (this.#capturing) return;
    this.#capturing = true;
    if (this.#light !== null) {
      this.#light.state = beginLight(this.#light.range);
      this.#light.order.wish(this.#light.state.percent);
    }
    this.#aimAnew();
  }

  /** Dark, and back to where a standing adult is looked at. */
  end(): void {
    this.#capturing = false;
    this.#light?.order.wish(0);
    this.#tilt?.order.wish(this.#tilt.range.homeDegrees);
  }

  /** Where it stands when nobody is there, told anew: somebody else has moved it, or its range is another. */
  rest(): void {
    if (this.#capturing) return;
    this.end();
    this.#light?.order.again();
    this.#tilt?.order.again();
  }

  lowPosition(low: boolean): void {
    if (low === this.#low) return;
    this.#low = low;
    if (this.#capturing) this.#aimAnew();
  }

  /** One frame as the models saw it, `frameHeight` pixels high. */
  saw(
    { quality, sceneBrightness, box, faces }: Pick<FrameAssessment, 'quality' | 'sceneBrightness' | 'box' | 'faces'>,
    frameHeight: number,
  ): void {
    if (!this.#capturing) return;
    const [light, tilt] = [this.#light, this.#tilt];
    if (light !== null) this.#expose(light, quality, sceneBrightness);
    // While it moves, a picture tells where it was. Of several people none is the one to follow.
    if (tilt === null || tilt.order.underWay || faces > 1) return;
    tilt.state = stepTilt(tilt.state, box === null ? null : (box.y + box.height / 2) / frameHeight, tilt.range);
    tilt.order.wish(tilt.state.degrees);
  }

  close(): void {
    this.#capturing = false;
    this.#light?.order.end();
    this.#tilt?.order.end();
  }

  /** By the face; where it is too dark to find one, by the picture. */
  #expose(light: Light, quality: FrameAssessment['quality'], sceneBrightness: number | null): void {
    const scene = sceneBrightness === null ? null : exposureOfScene(sceneBrightness, light.state);
    const exposure = quality === null ? scene : exposureOf(quality);
    if (exposure === null) return;
    light.state = stepLight(light.state, exposure, light.range);
    light.order.wish(light.state.percent);
  }

  #aimAnew(): void {
    if (this.#tilt === null) return;
    this.#tilt.state = beginTilt(this.#tilt.range, this.#low);
    this.#tilt.order.wish(this.#tilt.state.degrees);
  }
}
