import { err, ok, type Result } from '../../app/contract/result.ts';
import { activeModel, type ModelManifest, type ModelOf, type ModelRole } from '../manifest.ts';
import { alignFace } from './align.ts';
import { detectFaces, type FaceBox } from './detect.ts';
import { type Embedding, embed, type Template } from './embed.ts';
import { eyesOpen } from './eyes.ts';
import type { RgbaImage } from './image.ts';
import { findLandmarks, fivePoints, type Landmarks } from './landmarks.ts';
import { livenessOf } from './liveness.ts';
import { type ModelLoadError, type ModelSession, openModel } from './model-session.ts';
import { poseOf } from './pose.ts';
import { findProblems, measureQuality, type QualityMeasures, type QualityProblem } from './quality.ts';

type Sessions = { readonly [R in ModelRole]: ModelSession<ModelOf<R>> };

/** The face models, ready to run. One image at a time: sessions keep their input tensors. */
export interface FacePipeline {
  readonly manifest: ModelManifest;
  readonly sessions: Sessions;
}

export interface PipelineOptions {
  readonly manifest: ModelManifest;
  /** Folder with model packages or model files. */
  readonly modelRoot: string;
  /** Threads of ONNX Runtime. One is nearly as fast as two here and leaves the other core to the lane. */
  readonly threads: number;
}

export interface AnalysisWish {
  /** Also ask the presentation attack model. */
  readonly liveness: boolean;
  /** `whenUsable`: no template of a face that the quality gate turned away. */
  readonly template: 'always' | 'whenUsable';
  /** The template is the mean of the face and its mirror image: for photographs; of live frames there are several. */
  readonly mirrored?: boolean;
}

/** Milliseconds of each step; a step that was not taken has 0. */
export interface StepTimings {
  readonly detectMs: number;
  readonly landmarksMs: number;
  readonly qualityMs: number;
  readonly livenessMs: number;
  readonly embedMs: number;
  readonly totalMs: number;
}

/** What was found about the main (largest) face of an image. */
export interface FaceFindings {
  readonly box: FaceBox;
  readonly landmarks: Landmarks;
  readonly measures: QualityMeasures;
  readonly problems: readonly QualityProblem[];
  /** 0..1, or null when it was not asked for. */
  readonly liveness: number | null;
  readonly embedding: Embedding | null;
}

export interface ImageAnalysis {
  /** All faces that count, the main one first. */
  readonly faces: readonly FaceBox[];
  readonly main: FaceFindings | null;
  readonly timings: StepTimings;
}

export async function openPipeline(options: PipelineOptions): Promise<Result<FacePipeline, ModelLoadError>> {
  const { manifest, modelRoot, threads } = options;
  const opened = await Promise.all([
    openModel(activeModel(manifest, 'detector'), modelRoot, threads),
    openModel(activeModel(manifest, 'landmarks'), modelRoot, threads),
    openModel(activeModel(manifest, 'recogniser'), modelRoot, threads),
    openModel(activeModel(manifest, 'presentationAttack'), modelRoot, threads),
    openModel(activeModel(manifest, 'pose'), modelRoot, threads),
    openModel(activeModel(manifest, 'eyes'), modelRoot, threads),
  ]);
  const [detector, landmarks, recogniser, presentationAttack, pose, eyes] = opened;
  if (detector.ok && landmarks.ok && recogniser.ok && presentationAttack.ok && pose.ok && eyes.ok) {
    const sessions: Sessions = {
      detector: detector.value,
      landmarks: landmarks.value,
      recogniser: recogniser.value,
      presentationAttack: presentationAttack.value,
      pose: pose.value,
      eyes: eyes.value,
    };
    return ok({ manifest, sessions });
  }
  for (const session of opened) if (session.ok) await session.value.release();
  const failed = opened.find((session) => !session.ok);
  if (!failed) throw new Error('a model failed to open and did not');
  return err(failed.error);
}

export async function closePipeline(pipeline: FacePipeline): Promise<void> {
  for (const session of Object.values(pipeline.sessions)) {
    session.clear();
    await session.release();
  }
}

/** Finds faces and judges the main one. Never throws for what an image shows. */
export async function analyse(pipeline: FacePipeline, image: RgbaImage, wish: AnalysisWish): Promise<ImageAnalysis> {
  const { manifest, sessions } = pipeline;
  const watch = stopwatch();
  const faces = companions(await detectFaces(sessions.detector, image), manifest.quality.companionFromWidthShare);
  const detectMs = watch.lap();
  const box = faces[0];
  const timings = { detectMs, landmarksMs: 0, qualityMs: 0, livenessMs: 0, embedMs: 0 };
  if (!box) return { faces, main: null, timings: { ...timings, totalMs: watch.total() } };

  const landmarks = await findLandmarks(sessions.landmarks, image, box);
  timings.landmarksMs = watch.lap();
  const aligned = alignFace(image, fivePoints(landmarks));
  // Landmarks without extent are no face, whatever the detector thought.
  if (!aligned) return { faces: [], main: null, timings: { ...timings, totalMs: watch.total() } };
  const pose = await poseOf(sessions.pose, image, box);
  const seen = measureQuality(image, landmarks, aligned, pose, await eyesOpen(sessions.eyes, image, landmarks));
  const objections = findProblems(seen, manifest.quality);
  timings.qualityMs = watch.lap();

  const liveness = wish.liveness ? await livenessOf(sessions.presentationAttack, image, box) : null;
  timings.livenessMs = watch.lap();
  const wanted = wish.template === 'always' || objections.length === 0;
  const template = wanted ? await embed(sessions.recogniser, aligned, wish.mirrored === true) : undefined;
  timings.embedMs = watch.lap();
  aligned.crop.data.fill(0);
  const problems = withTemplate(objections, template, sessions.recogniser.model);
  // A short template still compares; whether it is good enough is the caller's to say. A pattern's never does.
  const kept = wish.template === 'always' || !problems.includes('patterned') ? template : undefined;
  if (!kept) template?.embedding.fill(0);
  const measures = { ...seen, templateNorm: template?.norm ?? null };
  const main = { box, landmarks, measures, problems, liveness, embedding: kept?.embedding ?? null };
  return { faces, main, timings: { ...timings, totalMs: watch.total() } };
}

/** What the length of the template adds to the objections: far too short is a pattern, somewhat short a face that says little. */
function withTemplate(
  objections: readonly QualityProblem[],
  template: Template | undefined,
  { minTemplateNorm, distinctTemplateNorm }: ModelOf<'recogniser'>,
): readonly QualityProblem[] {
  if (!template || template.norm >= distinctTemplateNorm) return objections;
  return template.norm < minTemplateNorm ? ['patterned', ...objections] : [...objections, 'indistinct'];
}

/** Overwrites what the sessions still hold of the last image. */
export function clearPipeline(pipeline: FacePipeline): void {
  for (const session of Object.values(pipeline.sessions)) session.clear();
}

/** The main face and those that are not far smaller: somebody who stands in the lane too, not a face on a poster behind. */
function companions(faces: readonly FaceBox[], fromShare: number): readonly FaceBox[] {
  const main = faces[0];
  return main ? faces.filter((face) => face.width >= main.width * fromShare) : [];
}

function stopwatch(): { lap(): number; total(): number } {
  const start = performance.now();
  let last = start;
  return {
    lap: () => {
      const now = performance.now();
      const passed = now - last;
      last = now;
      return passed;
    },
    total: () => performance.now() - start,
  };
}
