import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { err, ok, type Result } from '../app/contract/result.ts';
// Built in by import, so that a bundle carries it and no path has to be right.
import builtIn from './manifest.json' with { type: 'json' };

/** How pixels become numbers: colour order, then `(value - mean) / scale` for each channel. */
const pixelLayoutSchema = z
  .strictObject({
    order: z.enum(['rgb', 'bgr', 'grey']),
    mean: z.array(z.number()).min(1).max(3),
    scale: z.array(z.number().positive()).min(1).max(3),
  })
  .refine(({ order, mean, scale }) => {
    const channels = order === 'grey' ? 1 : 3;
    return mean.length === channels && scale.length === channels;
  }, 'one mean and one scale for each channel');

const sourceSchema = z.strictObject({
  /** npm package that brings the file; the weights are not in this repository. */
  package: z.string().max(100),
  version: z.string().max(40),
  /** Path inside the package. */
  file: z
    .string()
    .regex(/^[\w][\w./-]*\.onnx$/)
    .refine((file) => !file.includes('..'), 'no way up'),
  licence: z.string().max(40),
  /** What is known and not known about where the weights come from. */
  origin: z.string().max(600),
});

/** An operating point: what a cosine threshold stood for, and on which pairs. */
const operatingPointSchema = z.strictObject({
  threshold: z.number().min(-1).max(1),
  fmr: z.number().min(0).max(1),
  /** Upper end of the 95 % interval of `fmr` (rule of three where no false match was seen). */
  fmrUpper95: z.number().min(0).max(1),
  fnmr: z.number().min(0).max(1),
  measuredOn: z.string().max(300),
});

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,63}$/),
  source: sourceSchema,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  input: z.strictObject({
    name: z.string().max(60),
    /** Pixels; batch is 1, channels follow from the layout. */
    width: z.int().min(8).max(1024),
    height: z.int().min(8).max(1024),
    layout: pixelLayoutSchema,
  }),
};

const detectorSchema = z.strictObject({
  ...common,
  role: z.literal('detector'),
  output: z.strictObject({ scores: z.string(), boxes: z.string() }),
  /** Least score of a face in the first (letterboxed) try and in the later, more willing ones. */
  minScore: z.number().min(0).max(1),
  minScoreRetry: z.number().min(0).max(1),
  /** Boxes that overlap more than this (intersection over union) are one face. */
  maxOverlap: z.number().min(0).max(1),
});

const landmarksSchema = z.strictObject({ ...common, role: z.literal('landmarks'), output: z.string() });

const recogniserSchema = z.strictObject({
  ...common,
  role: z.literal('recogniser'),
  output: z.string(),
  dimensions: z.int().min(64).max(4096),
  /** Templates that were shorter than this before normalising are of no bare face (patterned, overlaid); 0: not looked at. */
  minTemplateNorm: z.number().min(0),
  /** Templates shorter than this are of faces that say too little to be compared well (soft, badly lit, turned); 0: not looked at. */
  distinctTemplateNorm: z.number().min(0).default(0),
  /** The cosine threshold in use, and why it is not the one the mixed sets would allow. */
  threshold: z.number().min(-1).max(1),
  thresholdReason: z.string().max(600),
  operatingPoints: z.array(operatingPointSchema).max(40),
});

const presentationAttackSchema = z.strictObject({
  ...common,
  role: z.literal('presentationAttack'),
  output: z.string(),
  /** Index of the class that means a live presentation. */
  liveClass: z.int().min(0).max(15),
  /** The crop is the detector's box times this, about the same centre. */
  boxScale: z.number().min(1).max(5),
  /** At or above: live. Below `spoofBelow`: an attack is suspected. Between the two: unsure, look again. */
  liveFrom: z.number().min(0).max(1),
  spoofBelow: z.number().min(0).max(1),
  /** Between the two thresholds: ask the traveller for movements, or only look on until the time is over. */
  activeLiveness: z.enum(['off', 'whenUnsure']).default('whenUnsure'),
  thresholdReason: z.string().max(600),
});

const poseSchema = z.strictObject({
  ...common,
  role: z.literal('pose'),
  output: z.strictObject({ yaw: z.string(), pitch: z.string(), roll: z.string() }),
  boxScale: z.number().min(1).max(5),
  /** Degrees of one bin, and of the first bin. */
  binDegrees: z.number().positive(),
  firstBinDegrees: z.number(),
});

const eyesSchema = z.strictObject({
  ...common,
  role: z.literal('eyes'),
  output: z.string(),
  openClass: z.int().min(0).max(1),
  /** The square about each eye's centre is the eye's width times this. */
  boxScale: z.number().min(1).max(5),
});

export const modelEntrySchema = z.discriminatedUnion('role', [
  detectorSchema,
  landmarksSchema,
  recogniserSchema,
  presentationAttackSchema,
  poseSchema,
  eyesSchema,
]);
export type ModelEntry = z.infer<typeof modelEntrySchema>;
export type ModelRole = ModelEntry['role'];
export type ModelOf<R extends ModelRole> = Extract<ModelEntry, { role: R }>;

const MODEL_ROLES = ['detector', 'landmarks', 'recogniser', 'presentationAttack', 'pose', 'eyes'] as const;

/** What frames must be like before they count. Units in the names; see `face/quality.ts` for each measure. */
export const qualityPolicySchema = z.strictObject({
  minInterEyePx: z.number().positive(),
  minSharpness: z.number().min(0),
  minBrightness: z.number().min(0).max(255),
  maxBrightness: z.number().min(0).max(255),
  minContrast: z.number().min(0),
  /** Share of the face's pixels at the black or white end. */
  maxClipped: z.number().min(0).max(1),
  maxYawDegrees: z.number().positive(),
  maxPitchDegrees: z.number().positive(),
  maxRollDegrees: z.number().positive(),
  /** Light of the eye region relative to the cheeks: below it something dark covers the eyes. */
  minEyeLight: z.number().min(0),
  /** Light of the mouth region relative to the cheeks: a bare mouth lies between the two. */
  minMouthLight: z.number().min(0),
  maxMouthLight: z.number().min(0),
  /** Standard deviation of the luma there: cloth and paper are flatter than lips. */
  minMouthContrast: z.number().min(0),
  /** Share of the face box that lies outside the image. */
  maxOutside: z.number().min(0).max(1),
  /** A second face counts when its box is at least this wide relative to the main one. */
  companionFromWidthShare: z.number().min(0).max(1),
});
export type QualityPolicy = z.infer<typeof qualityPolicySchema>;

export const manifestSchema = z
  .strictObject({
    version: z.literal(1),
    models: z.array(modelEntrySchema).min(1).max(40),
    /** The model in use for each role, by id. Another recogniser is configured here, without code. */
    active: z.strictObject({
      detector: z.string(),
      landmarks: z.string(),
      recogniser: z.string(),
      presentationAttack: z.string(),
      pose: z.string(),
      eyes: z.string(),
    }),
    quality: qualityPolicySchema,
  })
  .superRefine((manifest, context) => {
    for (const role of MODEL_ROLES) {
      const id = manifest.active[role];
      if (!manifest.models.some((model) => model.role === role && model.id === id)) {
        context.addIssue({ code: 'custom', message: `active.${role}: no ${role} model is called ${id}` });
      }
    }
  });
export type ModelManifest = z.infer<typeof manifestSchema>;

export interface ManifestError {
  readonly code: 'manifestInvalid';
  readonly detail: string;
}

/** A manifest is small; anything longer is not one. */
const MAX_MANIFEST_BYTES = 256 * 1024;

export function parseManifest(text: string): Result<ModelManifest, ManifestError> {
  if (text.length > MAX_MANIFEST_BYTES) return err({ code: 'manifestInvalid', detail: 'longer than 256 KiB' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err({ code: 'manifestInvalid', detail: (error as Error).message });
  }
  return validate(value);
}

function validate(value: unknown): Result<ModelManifest, ManifestError> {
  const parsed = manifestSchema.safeParse(value);
  return parsed.success ? ok(parsed.data) : err({ code: 'manifestInvalid', detail: z.prettifyError(parsed.error) });
}

/** The manifest at `path`, or the one that was built in. */
export async function readManifest(path?: string): Promise<Result<ModelManifest, ManifestError>> {
  if (path === undefined) return validate(builtIn);
  try {
    return parseManifest(await readFile(path, 'utf8'));
  } catch (error) {
    return err({ code: 'manifestInvalid', detail: (error as Error).message });
  }
}

/** The model in use for `role`; the schema has made sure that there is one. */
export function activeModel<R extends ModelRole>(manifest: ModelManifest, role: R): ModelOf<R> {
  const found = manifest.models.find(
    (model): model is ModelOf<R> => model.role === role && model.id === manifest.active[role],
  );
  if (!found) throw new Error(`manifest without an active ${role}`);
  return found;
}
