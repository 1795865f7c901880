import { z } from 'zod';
import { directionSchema } from './crossing.ts';

/** The traveller's languages, each in its own script: Traditional Chinese, Simplified Chinese, Portuguese, English. */
export const LANGUAGES = ['zh-Hant', 'zh-Hans', 'pt', 'en'] as const;
export const languageSchema = z.enum(LANGUAGES);
export type Language = z.infer<typeof languageSchema>;

/** One sentence and one picture a step. The neutral `seeOfficer` is the same for every reason. */
export const TRAVELLER_STEPS = [
  'starting',
  'attract',
  'readingDocument',
  'documentAgain',
  'walkIn',
  'lookHere',
  'pleaseWait',
  'walkOn',
  'waitForEntry',
  'goThrough',
  'thankYou',
  'goBack',
  'stepBack',
  'seeOfficer',
  'outOfService',
  'emergency',
] as const;
export const travellerStepSchema = z.enum(TRAVELLER_STEPS);
export type TravellerStep = z.infer<typeof travellerStepSchema>;

export const CAPTURE_HINTS = [
  'lookHere',
  'comeCloser',
  'stepBack',
  'holdStill',
  'faceTheLight',
  'onePersonOnly',
  'takeOffSunglasses',
  'uncoverFace',
  // Asked for when the camera alone can't tell whether somebody is really there. Left and right are the traveller's own.
  'turnLeft',
  'turnRight',
  'blink',
] as const;
export const captureHintSchema = z.enum(CAPTURE_HINTS);
export type CaptureHint = z.infer<typeof captureHintSchema>;

/** What to do with a document that could not be used, said with `documentAgain`. */
export const DOCUMENT_ADVICE = ['wrongSide', 'tooShort', 'unreadable'] as const;
export const documentAdviceSchema = z.enum(DOCUMENT_ADVICE);
export type DocumentAdvice = z.infer<typeof documentAdviceSchema>;

/** The five stations of the track: document, face, exit, entry, go. */
export const STATIONS = ['document', 'face', 'exit', 'entry', 'go'] as const;

/**
 * What the window's camera does. `watch`: a few frames a second, enough to notice that somebody has come; `capture`: as many as the
 * models can take.
 */
export const CAMERA_MODES = ['off', 'watch', 'capture'] as const;
export const cameraModeSchema = z.enum(CAMERA_MODES);
export type CameraMode = z.infer<typeof cameraModeSchema>;

/** Everything the traveller screen shows. It is the whole state each time, so a screen that was reloaded needs no history. */
export const travellerViewSchema = z.strictObject({
  step: travellerStepSchema,
  /** How many of the five stations are reached, 0..5. */
  stationsReached: z.int().min(0).max(5),
  hint: captureHintSchema.nullable(),
  /** What was wrong with the document, with `documentAgain` only; null there means: place it again, no more is known. */
  documentAdvice: documentAdviceSchema.nullable(),
  /** Seconds left before the step times out, only when a warning is due. */
  warnSecondsLeft: z.int().min(0).max(600).nullable(),
  /** The window runs its camera exactly while this is not `off`. */
  camera: cameraModeSchema,
  /** What the traveller chose, so that a reloaded screen speaks it again; before a choice, what the document suggests. */
  suggestedLanguage: languageSchema.nullable(),
  direction: directionSchema,
  laneId: z.string(),
  /** Grows with each view of this lane process; the screen shows the newest only. */
  sequence: z.int().min(0),
});
export type TravellerView = z.infer<typeof travellerViewSchema>;

/** While no lane has said anything: nothing is going on, and nobody knows where it leads. */
export const NO_LANE_VIEW: TravellerView = {
  step: 'starting',
  stationsReached: 0,
  hint: null,
  documentAdvice: null,
  warnSecondsLeft: null,
  camera: 'off',
  suggestedLanguage: null,
  direction: { from: 'XXX', to: 'XXX' },
  laneId: '',
  sequence: 0,
};

/** The most a frame may have: 1920 x 1080 RGBA. */
export const MAX_FRAME_BYTES = 1920 * 1080 * 4;

/** One camera frame, RGBA, 8 bits a channel, rows from the top. Never logged, never stored. */
export const cameraFrameSchema = z
  .strictObject({
    type: z.literal('frame'),
    width: z.int().min(64).max(1920),
    height: z.int().min(64).max(1920),
    /** Milliseconds of the window's monotonic clock. */
    capturedAtMs: z.number().min(0),
    data: z.instanceof(Uint8Array).refine((data) => data.byteLength <= MAX_FRAME_BYTES, 'frame too large'),
  })
  .refine((frame) => frame.data.byteLength === frame.width * frame.height * 4, 'frame size does not match its bytes');
export type CameraFrame = z.infer<typeof cameraFrameSchema>;

export const cameraStateSchema = z.strictObject({
  type: z.literal('cameraState'),
  state: z.enum(['live', 'off', 'denied', 'absent', 'failed']),
});
export type CameraState = z.infer<typeof cameraStateSchema>;

/** What the traveller window may say to the lane. */
export const travellerActionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('languageChosen'), language: languageSchema }),
  z.strictObject({ type: z.literal('moreTime') }),
  /** The screen's low layout, for children and wheelchairs: whoever reads it looks from lower down. */
  z.strictObject({ type: z.literal('lowPosition'), on: z.boolean() }),
  cameraStateSchema,
]);
export type TravellerAction = z.infer<typeof travellerActionSchema>;
