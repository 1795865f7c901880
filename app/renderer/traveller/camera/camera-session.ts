import type { CameraMode, CameraState } from '../../../contract/traveller-view.ts';
import type { FramePump } from './frame-pump.ts';

export type CameraWord = CameraState['state'];

const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'user' } satisfies MediaTrackConstraints;
const CAMERA_CONSTRAINTS: MediaStreamConstraints = {
  audio: false,
  video: { ...PICTURE, frameRate: { ideal: 30 } },
};

/** Of the mirror, frames a second: half of them will do while nobody looks into it, and drawing them is most of what it costs. */
const MIRROR_FRAMES: Readonly<Record<Exclude<CameraMode, 'off'>, number>> = { watch: 15, capture: 30 };

/** A camera that could not be had is tried again this often while it is wanted. */
export const RETRY_MS = 2000;

export interface CameraParts {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  pump: FramePump;
  /** Told each change of state once. */
  report(state: CameraWord): void;
  /** The picture for the mirror, null when there is none. */
  show(stream: MediaStream | null): void;
  /** Calls back after `ms`; gives the way to cancel. */
  after(ms: number, call: () => void): () => void;
}

/** What a refused `getUserMedia` means (W3C Media Capture and Streams §10.3, exceptions of getUserMedia). */
export function wordForError(error: unknown): CameraWord {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'absent';
  return 'failed';
}

/** The camera is on exactly while it is wanted. Every ending that was not asked for is reported and tried again. */
export class CameraSession {
  readonly #parts: CameraParts;
  /** Null: nobody has wanted anything yet. */
  #mode: CameraMode | null = null;
  #word: CameraWord | null = null;
  #stream: MediaStream | null = null;
  #cancelRetry: () => void = () => {};
  /** Grows with each start and stop: an answer to an older question is thrown away. */
  #round = 0;

  constructor(parts: CameraParts) {
    this.#parts = parts;
  }

  want(mode: CameraMode): void {
    const before = this.#mode;
    this.#mode = mode;
    this.#pace();
    if (before !== null && (mode === 'off') === (before === 'off')) return;
    if (mode !== 'off') {
      void this.#open();
    } else {
      this.#close();
      this.#say('off');
    }
  }

  /** How many frames are sent and shown. A camera that will not be told how many shows them all. */
  #pace(): void {
    if (this.#mode === null || this.#mode === 'off') return;
    this.#parts.pump.pace(this.#mode);
    // Constraints replace each other: all of them each time.
    const constraints = { ...PICTURE, frameRate: { ideal: MIRROR_FRAMES[this.#mode], max: MIRROR_FRAMES[this.#mode] } };
    for (const track of this.#stream?.getVideoTracks() ?? [])
      track.applyConstraints(constraints).catch(() => undefined);
  }

  async #open(): Promise<void> {
    const round = ++this.#round;
    try {
      const stream = await this.#parts.getUserMedia(CAMERA_CONSTRAINTS);
      if (round !== this.#round) {
        // The traveller went on while the camera was opening.
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#use(stream, round);
    } catch (error) {
      if (round === this.#round) this.#lose(wordForError(error));
    }
  }

  #use(stream: MediaStream, round: number): void {
    const [track] = stream.getVideoTracks();
    if (track === undefined) {
      this.#lose('absent');
      return;
    }
    const ifCurrent = (act: () => void) => () => {
      if (round === this.#round) act();
    };
    this.#stream = stream;
    this.#pace();
    track.addEventListener(
      'ended',
      ifCurrent(() => this.#lose('failed')),
    );
    track.addEventListener(
      'mute',
      ifCurrent(() => this.#say('failed')),
    );
    track.addEventListener(
      'unmute',
      ifCurrent(() => this.#say('live')),
    );
    this.#parts.pump.start(
      track,
      ifCurrent(() => this.#lose('failed')),
    );
    this.#parts.show(stream);
    // A track may be born muted (a camera with its shutter closed): it is live only when it gives pictures.
    this.#say(track.muted ? 'failed' : 'live');
  }

  #lose(word: CameraWord): void {
    this.#close();
    this.#say(word);
    this.#cancelRetry = this.#parts.after(RETRY_MS, () => void this.#open());
  }

  #close(): void {
    this.#round++;
    this.#cancelRetry();
    this.#cancelRetry = () => {};
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#parts.show(null);
  }

  #say(word: CameraWord): void {
    if (word === this.#word) return;
    this.#word = word;
    this.#parts.report(word);
  }
}
