import type { CaptureHint } from '../../app/contract/traveller-view.ts';
import type { QualityProblem } from './quality.ts';

const HINT_OF: Readonly<Record<QualityProblem, CaptureHint>> = {
  faceTooSmall: 'comeCloser',
  faceCut: 'stepBack',
  tooBlurred: 'holdStill',
  tooDark: 'faceTheLight',
  tooBright: 'faceTheLight',
  lowContrast: 'faceTheLight',
  clipped: 'faceTheLight',
  turnedAway: 'lookHere',
  eyesCovered: 'takeOffSunglasses',
  mouthCovered: 'uncoverFace',
  patterned: 'uncoverFace',
  indistinct: 'holdStill',
};

/** The one thing to tell the traveller about this frame; null when nothing is wrong. */
export function hintFor(faces: number, problems: readonly QualityProblem[]): CaptureHint | null {
  if (faces === 0) return 'lookHere';
  if (faces > 1) return 'onePersonOnly';
  const worst = problems[0];
  return worst ? HINT_OF[worst] : null;
}
