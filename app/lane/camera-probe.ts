import type { CameraMode, CameraState } from '../contract/traveller-view.ts';
import type { Clock } from './clock.ts';

export interface CameraProbeOptions {
  readonly clock: Clock;
  /** Between two looks, and how long a look may take. Milliseconds. */
  readonly everyMs: number;
  readonly lookMs: number;
  /** The window's camera should run (or not) for a look. */
  readonly onCamera: (mode: CameraMode) => void;
  readonly onWorks: () => void;
}

/** After the camera failed, looks now and then whether it gives pictures again, while nobody stands in front of it. */
export class CameraProbe {
  readonly #options: CameraProbeOptions;
  #state: 'idle' | 'waiting' | 'looking' = 'idle';
  #cancel: (() => void) | null = null;

  constructor(options: CameraProbeOptions) {
    this.#options = options;
  }

  get looking(): boolean {
    return this.#state === 'looking';
  }

  start(): void {
    if (this.#state === 'idle') this.#wait();
  }

  stop(): void {
    this.#cancel?.();
    if (this.#state === 'looking') this.#options.onCamera('off');
    this.#state = 'idle';
  }

  frameSeen(): void {
    if (this.#state !== 'looking') return;
    this.stop();
    this.#options.onWorks();
  }

  cameraState({ state }: CameraState): void {
    if (this.#state === 'looking' && (state === 'denied' || state === 'absent' || state === 'failed')) this.#giveUp();
  }

  #wait(): void {
    this.#state = 'waiting';
    this.#cancel = this.#options.clock.after(this.#options.everyMs, () => {
      this.#state = 'looking';
      this.#cancel = this.#options.clock.after(this.#options.lookMs, () => this.#giveUp());
      this.#options.onCamera('watch');
    });
  }

  #giveUp(): void {
    this.#cancel?.();
    this.#options.onCamera('off');
    this.#wait();
  }
}
