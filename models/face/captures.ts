import { createHash, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../app/contract/result.ts';
import { decodeImage } from './decode-image.ts';
import { cosine, type Embedding } from './embed.ts';
import { sceneBrightness } from './frame-light.ts';
import { hintFor } from './hints.ts';
import { isWellFormed, type RgbaFrame } from './image.ts';
import { guarded } from './native-guard.ts';
import { analyse, clearPipeline, type FacePipeline } from './pipeline.ts';
import type { FaceError, FrameAssessment, ReferenceReport } from './worker-messages.ts';

/** Templates of one capture. They live here, in the worker, and nowhere else. */
interface Capture {
  readonly reference: Embedding;
  last: Embedding | null;
}

/** One lane has one capture at a time; a few more may overlap while an officer looks at the last one. */
const MAX_CAPTURES = 8;

/** Side of a frame in pixels, as the contract for camera frames has it. */
const FRAME_SIDE = { min: 64, max: 1920 } as const;

/** What the worker does with its pipeline: references and frames come in, numbers go out, pixels are overwritten. */
export class Captures {
  readonly #pipeline: FacePipeline;
  readonly #captures = new Map<string, Capture>();
  readonly #salt = randomBytes(16);

  constructor(pipeline: FacePipeline) {
    this.#pipeline = pipeline;
  }

  /** The enrolled or chip portrait. `encoded` is overwritten. A capture that had a reference gets the new one. */
  async setReference(captureId: string, encoded: Uint8Array): Promise<Result<ReferenceReport, FaceError>> {
    const start = performance.now();
    const image = await guarded(() => decodeImage(encoded));
    encoded.fill(0);
    if (!image.ok) return image;
    const decodeMs = performance.now() - start;
    const found = await analyse(this.#pipeline, image.value, {
      liveness: false,
      template: 'whenUsable',
      mirrored: true,
    });
    image.value.data.fill(0);
    if (!found.main) return err({ code: 'noFace' });
    if (found.faces.length > 1) return err({ code: 'severalFaces', faces: found.faces.length });
    const { box, measures, problems, embedding } = found.main;
    if (!embedding) return err({ code: 'qualityTooLow', problems });
    this.release(captureId);
    this.#makeRoom();
    this.#captures.set(captureId, { reference: embedding, last: null });
    const { width, height } = image.value;
    return ok({ width, height, box, quality: { measures, problems }, timings: found.timings, decodeMs });
  }

  /** One live frame against the reference. The frame's pixels are overwritten. */
  async assess(captureId: string, frame: RgbaFrame): Promise<Result<FrameAssessment, FaceError>> {
    const capture = this.#captures.get(captureId);
    if (!capture) return err({ code: 'referenceMissing' });
    if (!isFrame(frame)) return err({ code: 'frameInvalid' });
    const digest = createHash('sha256').update(this.#salt).update(frame.data).digest('base64url').slice(0, 22);
    const { faces, main, timings } = await analyse(this.#pipeline, frame, { liveness: true, template: 'whenUsable' });
    const scene = main === null ? sceneBrightness(frame) : null;
    frame.data.fill(0);
    // With two people in the picture there is no telling which one the number would be about.
    const live = faces.length === 1 ? (main?.embedding ?? null) : null;
    const continuity = live && capture.last ? cosine(live, capture.last) : null;
    if (live) {
      capture.last?.fill(0);
      capture.last = live;
    } else {
      main?.embedding?.fill(0);
    }
    return ok({
      capturedAtMs: frame.capturedAtMs,
      faces: faces.length,
      box: main?.box ?? null,
      sceneBrightness: scene,
      hint: hintFor(faces.length, main?.problems ?? []),
      quality: main ? { measures: main.measures, problems: main.problems } : null,
      liveness: main?.liveness ?? null,
      similarity: live ? cosine(live, capture.reference) : null,
      continuity,
      digest,
      timings,
    });
  }

  /** Overwrites the capture's templates and what the models still hold of the last image. */
  release(captureId: string): void {
    const capture = this.#captures.get(captureId);
    capture?.reference.fill(0);
    capture?.last?.fill(0);
    this.#captures.delete(captureId);
    clearPipeline(this.#pipeline);
  }

  #makeRoom(): void {
    for (const oldest of this.#captures.keys()) {
      if (this.#captures.size < MAX_CAPTURES) return;
      this.release(oldest);
    }
  }
}

function isFrame(frame: RgbaFrame): boolean {
  const { width, height } = frame;
  const sides = [width, height].every((side) => side >= FRAME_SIDE.min && side <= FRAME_SIDE.max);
  return sides && isWellFormed(frame);
}
