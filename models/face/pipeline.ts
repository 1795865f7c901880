import { err, ok, type Result } from '../../app/contract/result.ts';
import { activeModel, type ModelEntry, type ModelManifest, type ModelOf, type ModelRole } from '../manifest.ts';
import { alignFace } from './align.ts';
import { detectFaces, type FaceBox } from './detect.ts';
import { type Embedding, embed, embedMirrored, type Template } from './embed.ts';
import { eyesOpen } from './eyes.ts';
import type { RgbaImage } from './image.ts';
import { findLandmarks, fivePoints, type Landmarks } from './landmarks.ts';
import { livenessOf } from './liveness.ts';
import { type ModelLoadError, type ModelSession, openModel } from './model-session.ts';
import { openBeside } from './models-beside.ts';
import type { GuardCells } from './native-guard.ts';
import { type HeadPose, poseOf } from './pose.ts';
import { findProblems, measureQuality, type QualityMeasures, type QualityProblem } from './quality.ts';

type Sessions = { readonly [R in ModelRole]: ModelSession<ModelOf<R>> };

/** The face models, ready to run. One image at a time: sessions keep their input tensors. */
export interface FacePipeline {
  readonly manifest: ModelManifest;
  readonly sessions: Sessions;
  /** The recogniser once more, on the second thread; where there is none, the one of `sessions`. */
  readonly mirrorRecogniser: Sessions['recogniser'];
}

export interface PipelineOptions {
  readonly manifest: ModelManifest;
  /** Folder with model packages or model files. */
  readonly modelRoot: string;
  /** Threads of ONNX Runtime in one run. More than one gains next to nothing with models as small as these. */
  readonly threads: number;
  /** Guard of the calling thread: models that need the detector's box only run beside the others, on a second thread. */
  readonly beside?: GuardCells;
}

const NO_TIME: StepTimings = { detectMs: 0, landmarksMs: 0, qualityMs: 0, livenessMs: 0, embedMs: 0, totalMs: 0 };

export interface AnalysisWish {
  /** Also ask the presentation attack model. */
  readonly liveness: boolean;
  /** `whenUsable`: no template of a face that the quality gate turned away. */
  readonly template: 'always' | 'whenUsable';
  /** The template is the mean of the face and its mirror image: for photographs; of live frames there are several. */
  readonly mirrored?: boolean;
}

/** Milliseconds that each step kept the others waiting; a step that was not taken has 0. */
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
    openModel(activeModel(manifest, 'eyes'), modelRoot, threads),
    openBesides(options),
  ]);
  const [detector, landmarks, recogniser, eyes, besides] = opened;
  if (detector.ok && landmarks.ok && recogniser.ok && eyes.ok && besides.ok) {
    const { pose, presentationAttack, mirrorRecogniser } = besides.value;
    const sessions: Sessions = {
      detector: detector.value,
      landmarks: landmarks.value,
      recogniser: recogniser.value,
      presentationAttack,
      pose,
      eyes: eyes.value,
    };
    return ok({ manifest, sessions, mirrorRecogniser: mirrorRecogniser ?? recogniser.value });
  }
  for (const session of [detector, landmarks, recogniser, eyes]) if (session.ok) await session.value.release();
  if (besides.ok) for (const session of Object.values(besides.value)) await session?.release();
  const failed = opened.find((session) => !session.ok);
  if (!failed) throw new Error('a model failed to open and did not');
  return err(failed.error);
}

interface Besides {
  readonly pose: Sessions['pose'];
  readonly presentationAttack: Sessions['presentationAttack'];
  readonly mirrorRecogniser: Sessions['recogniser'] | null;
}

/** What can run at the same time as the rest: on a thread of its own where one is wanted. */
async function openBesides(options: PipelineOptions): Promise<Result<Besides, ModelLoadError>> {
  const { manifest, modelRoot, threads, beside } = options;
  const models = [activeModel(manifest, 'pose'), activeModel(manifest, 'presentationAttack')] as const;
  if (beside) {
    const all = [...models, activeModel(manifest, 'recogniser')] as const;
    const opened = await openBeside(all, modelRoot, threads, beside);
    if (!opened.ok) return opened;
    const [pose, presentationAttack, mirrorRecogniser] = opened.value;
    return ok({ pose, presentationAttack, mirrorRecogniser });
  }
  const pose = await openModel(models[0], modelRoot, threads);
  if (!pose.ok) return pose;
  const presentationAttack = await openModel(models[1], modelRoot, threads);
  if (presentationAttack.ok) {
    return ok({ pose: pose.value, presentationAttack: presentationAttack.value, mirrorRecogniser: null });
  }
  await pose.value.release();
  return presentationAttack;
}

export async function closePipeline(pipeline: FacePipeline): Promise<void> {
  for (const session of sessionsOf(pipeline)) {
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
  if (!box) return { faces, main: null, timings: { ...NO_TIME, detectMs, totalMs: watch.total() } };
  // These two need nothing but the box: where they have a thread of their own, they run while the rest goes on.
  const posing = poseOf(sessions.pose, image, box);
  const judging = wish.liveness ? livenessOf(sessions.presentationAttack, image, box) : Promise.resolve(null);
  const bothOver = Promise.allSettled([posing, judging]);
  try {
    const { main, timings } = await judgeFace(pipeline, image, box, wish, posing, judging, watch);
    // Landmarks without extent are no face, whatever the detector thought.
    return { faces: main ? faces : [], main, timings: { ...timings, detectMs, totalMs: watch.total() } };
  } finally {
    // Whatever went wrong: their input tensors are not filled anew while they run.
    await bothOver;
  }
}

async function judgeFace(
  { manifest, sessions, mirrorRecogniser }: FacePipeline,
  image: RgbaImage,
  box: FaceBox,
  wish: AnalysisWish,
  posing: Promise<HeadPose>,
  judging: Promise<number | null>,
  watch: Stopwatch,
): Promise<{ readonly main: FaceFindings | null; readonly timings: StepTimings }> {
  const landmarks = await findLandmarks(sessions.landmarks, image, box);
  const landmarksMs = watch.lap();
  const aligned = alignFace(image, fivePoints(landmarks));
  if (!aligned) return { main: null, timings: { ...NO_TIME, landmarksMs } };
  const eyes = await eyesOpen(sessions.eyes, image, landmarks);
  const seen = measureQuality(image, landmarks, aligned, await posing, eyes);
  const objections = findProblems(seen, manifest.quality);
  const qualityMs = watch.lap();

  const wanted = wish.template === 'always' || objections.length === 0;
  const template = wanted
    ? await (wish.mirrored === true
        ? embedMirrored(sessions.recogniser, mirrorRecogniser, aligned)
        : embed(sessions.recogniser, aligned))
    : undefined;
  const embedMs = watch.lap();
  aligned.crop.data.fill(0);
  const liveness = await judging;
  const livenessMs = watch.lap();
  const problems = withTemplate(objections, template, sessions.recogniser.model);
  // A short template still compares; whether it is good enough is the caller's to say. A pattern's never does.
  const kept = wish.template === 'always' || !problems.includes('patterned') ? template : undefined;
  if (!kept) template?.embedding.fill(0);
  const measures = { ...seen, templateNorm: template?.norm ?? null };
  const main = { box, landmarks, measures, problems, liveness, embedding: kept?.embedding ?? null };
  return { main, timings: { ...NO_TIME, landmarksMs, qualityMs, embedMs, livenessMs } };
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
  for (const session of sessionsOf(pipeline)) session.clear();
}

const sessionsOf = ({ sessions, mirrorRecogniser }: FacePipeline): ReadonlySet<ModelSession<ModelEntry>> =>
  new Set([...Object.values(sessions), mirrorRecogniser]);

/** The main face and those that are not far smaller: somebody who stands in the lane too, not a face on a poster behind. */
function companions(faces: readonly FaceBox[], fromShare: number): readonly FaceBox[] {
  const main = faces[0];
  return main ? faces.filter((face) => face.width >= main.width * fromShare) : [];
}

interface Stopwatch {
  lap(): number;
  total(): number;
}

function stopwatch(): Stopwatch {
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
