import { analyse, closePipeline, openPipeline } from '../../../../models/face/pipeline.ts';
import { activeModel, readManifest } from '../../../../models/manifest.ts';
import type { HeavyFrame } from '../heavy/heavy-frame.ts';
import { type Found, found } from './timed.ts';

/**
 * What presentation attack detection makes of a few frames: `live`, `spoof`, `unsure` or `noFace`, and no number that says how to
 * get through. The pixels are overwritten; no template is made of a face.
 */
export async function judgeSample(modelRoot: string, frames: readonly HeavyFrame[]): Promise<Found> {
  const manifest = await readManifest();
  if (!manifest.ok) return found('failed', manifest.error.code);
  const opened = await openPipeline({ manifest: manifest.value, modelRoot, threads: 1 });
  if (!opened.ok) return found('failed', opened.error.code, { model: opened.error.model });
  try {
    const scores: number[] = [];
    let several = 0;
    for (const frame of frames) {
      const { faces, main } = await analyse(opened.value, frame, { liveness: true, template: 'whenUsable' });
      frame.data.fill(0);
      main?.embedding?.fill(0);
      if (faces.length > 1) several += 1;
      if (main?.liveness != null) scores.push(main.liveness);
    }
    const facts = { frames: frames.length, framesWithFace: scores.length };
    if (several > 0) return found('warning', 'severalFaces', facts);
    if (scores.length === 0) return found('warning', 'noFace', facts);
    const { liveFrom, spoofBelow } = activeModel(manifest.value, 'presentationAttack');
    const middle = [...scores].sort((a, b) => a - b)[Math.floor(scores.length / 2)] ?? 0;
    // A technician's own face must be live, a photograph must not be: both are what the test was made for.
    return found('passed', middle >= liveFrom ? 'live' : middle < spoofBelow ? 'spoof' : 'unsure', facts);
  } finally {
    await closePipeline(opened.value);
  }
}
