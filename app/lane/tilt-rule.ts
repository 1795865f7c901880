/** Plain data, changed by `stepTilt` only. */
export interface TiltState {
  /** Where the mount was told to stand, degrees above the horizon. */
  readonly degrees: number;
  /** Frames in a row whose face stands too high or too low. */
  readonly off: number;
  /** Frames in a row without a face. */
  readonly faceless: number;
  /** It has looked at the other height already; once a capture is enough. */
  readonly searched: boolean;
}

/** What the mount can do and how the camera on it sees. */
export interface TiltRange {
  readonly lowestDegrees: number;
  readonly highestDegrees: number;
  /** For a standing adult, and where it rests. */
  readonly homeDegrees: number;
  /** For a child or somebody in a wheelchair. */
  readonly lowDegrees: number;
  /** From the upper to the lower edge of the picture. */
  readonly verticalFieldDegrees: number;
}

/** A face within this share of the picture's height from its middle stays where it is. */
const BAND = 0.15;
export const OFF_FRAMES = 3;
export const FACELESS_FRAMES = 10;
/** Less is not worth a blurred picture. */
const LEAST_MOVE_DEGREES = 2;

export function beginTilt({ homeDegrees, lowDegrees }: TiltRange, low: boolean): TiltState {
  return { degrees: low ? lowDegrees : homeDegrees, off: 0, faceless: 0, searched: false };
}

/**
 * Where the mount should stand after one more frame. `faceAt`: the middle of the face, 0 at the upper edge of the picture to 1 at
 * the lower; null when nobody was seen. It follows a face that stays out of the middle, and where nobody is seen for a while it looks
 * once at the other height.
 */
export function stepTilt(state: TiltState, faceAt: number | null, range: TiltRange): TiltState {
  if (faceAt === null) return stepFaceless(state, range);
  const seen = { ...state, faceless: 0, searched: true };
  if (Math.abs(faceAt - 0.5) <= BAND) return { ...seen, off: 0 };
  if (state.off + 1 < OFF_FRAMES) return { ...seen, off: state.off + 1 };
  const wanted = state.degrees + (0.5 - faceAt) * range.verticalFieldDegrees;
  const degrees = Math.min(range.highestDegrees, Math.max(range.lowestDegrees, wanted));
  return { ...seen, off: 0, degrees: Math.abs(degrees - state.degrees) < LEAST_MOVE_DEGREES ? state.degrees : degrees };
}

function stepFaceless(state: TiltState, { homeDegrees, lowDegrees }: TiltRange): TiltState {
  const faceless = state.faceless + 1;
  if (state.searched || faceless < FACELESS_FRAMES) return { ...state, off: 0, faceless };
  const degrees = state.degrees === homeDegrees ? lowDegrees : homeDegrees;
  return { degrees, off: 0, faceless: 0, searched: true };
}
