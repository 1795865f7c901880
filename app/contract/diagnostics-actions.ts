import { z } from 'zod';
import { settingValuesSchema } from './diagnostics-settings.ts';
import { signInSchema } from './officer-account.ts';

const doorSchema = z.int().min(1).max(3);
const lampSchema = z.enum(['off', 'red', 'amber', 'green']);
/** Mean luminance of a picture. */
const brightnessSchema = z.number().min(0).max(255);
const share = z.number().min(0).max(1);

/** The side of a frame of a presentation attack sample, and how many make one. */
export const SAMPLE_FRAMES = { max: 5, side: 640 } as const;

export const sampleFrameSchema = z
  .strictObject({
    width: z.int().min(64).max(SAMPLE_FRAMES.side),
    height: z.int().min(64).max(SAMPLE_FRAMES.side),
    /** RGBA, rows from the top. Never logged, never stored. */
    data: z.instanceof(Uint8Array),
  })
  .refine(({ width, height, data }) => data.byteLength === width * height * 4, 'frame size does not match its bytes');
export type SampleFrame = z.infer<typeof sampleFrameSchema>;

/** What the window found out about the camera's picture; the picture itself stays in the window. */
export const cameraMeasuresSchema = z.strictObject({
  width: z.int().min(1).max(8192),
  height: z.int().min(1).max(8192),
  framesPerSecond: z.number().min(0).max(1000),
  brightness: brightnessSchema,
  /** Shares of the pixels that are black or white altogether. */
  dark: share,
  clipped: share,
  /** Variance of the Laplacian of the middle of the picture: low is out of focus. */
  sharpness: z.number().min(0).max(1e6),
});
export type CameraMeasures = z.infer<typeof cameraMeasuresSchema>;

/** What the diagnostics window may say to the lane. All but signing in needs a technician who is signed in. */
export const diagnosticsActionSchema = z.discriminatedUnion('type', [
  signInSchema,
  z.strictObject({ type: z.literal('signOut') }),
  /** Takes the lane out of service; a crossing under way is finished first. */
  z.strictObject({ type: z.literal('enter') }),
  /** Runs the readiness check and puts the lane back into service when it has passed. */
  z.strictObject({ type: z.literal('leave') }),
  z.strictObject({ type: z.literal('checkReadiness') }),
  z.strictObject({ type: z.literal('testDocument') }),
  z.strictObject({ type: z.literal('registerTestDocument') }),
  z.strictObject({ type: z.literal('testChip') }),
  z.strictObject({ type: z.literal('askDoorTest'), door: doorSchema }),
  /** Opens the door that was asked for, if it is the same question that is still open. */
  z.strictObject({ type: z.literal('confirmDoorTest'), door: doorSchema, question: z.int().min(1) }),
  z.strictObject({ type: z.literal('cancelTest') }),
  z.strictObject({ type: z.literal('setLamp'), door: doorSchema, lamp: lampSchema }),
  /** The lamp above the lane, the camera's light (never brighter than the settings allow) and its mount. */
  z.strictObject({ type: z.literal('showIndicator'), lamp: lampSchema }),
  z.strictObject({ type: z.literal('setLight'), percent: z.number().min(0).max(100) }),
  /** The picture's brightness with the light out and at its brightest, as the window saw it; the light is put out. */
  z.strictObject({ type: z.literal('lightMeasured'), out: brightnessSchema, lit: brightnessSchema }),
  z.strictObject({ type: z.literal('setTilt'), degrees: z.number().min(-90).max(90) }),
  /** To its lowest, to its highest, and home. */
  z.strictObject({ type: z.literal('testTilt') }),
  /** One look of the depth camera. */
  z.strictObject({ type: z.literal('testFaceCamera') }),
  z.strictObject({ type: z.literal('cameraMeasured'), measures: cameraMeasuresSchema }),
  z.strictObject({ type: z.literal('soundPlayed'), volume: share, heard: z.boolean() }),
  z.strictObject({
    type: z.literal('padSample'),
    frames: z.array(sampleFrameSchema).min(1).max(SAMPLE_FRAMES.max),
  }),
  z.strictObject({ type: z.literal('testModels') }),
  z.strictObject({ type: z.literal('saveSettings'), values: settingValuesSchema }),
  z.strictObject({ type: z.literal('makeSupportBundle') }),
  /** Demo builds only; main hands it to the devices at the other end of the wire. */
  z.strictObject({
    type: z.literal('simulate'),
    device: z.enum(['scanner', 'laneController']),
    what: z.enum(['unplug', 'replug']),
  }),
]);
export type DiagnosticsAction = z.infer<typeof diagnosticsActionSchema>;
