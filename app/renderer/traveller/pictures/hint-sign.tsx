import type { ReactNode } from 'react';
import type { CaptureHint } from '../../../contract/traveller-view.ts';

const HEAD = <circle cx="48" cy="40" r="19" />;
const SHOULDERS = <path d="M17 84 a31 26 0 0 1 62 0" />;
const EYE = <path d="M10 48 Q48 10 86 48 Q48 86 10 48 Z" />;

/** What to do with the face, in 96 x 96 units. The mirror shows the traveller's own left on the left. */
const SIGNS: Readonly<Record<CaptureHint, ReactNode>> = {
  lookHere: (
    <>
      {EYE}
      <circle className="hint-sign-solid" cx="48" cy="48" r="13" />
    </>
  ),
  comeCloser: <path d="M34 12 L48 30 L62 12 M34 84 L48 66 L62 84 M12 34 L30 48 L12 62 M84 34 L66 48 L84 62" />,
  stepBack: <path d="M34 26 L48 10 L62 26 M34 70 L48 86 L62 70 M26 34 L10 48 L26 62 M70 34 L86 48 L70 62" />,
  holdStill: <path d="M34 20 V76 M62 20 V76" />,
  faceTheLight: (
    <>
      <circle cx="48" cy="48" r="15" />
      <path d="M48 10 V20 M48 76 V86 M10 48 H20 M76 48 H86 M21 21 L28 28 M68 68 L75 75 M75 21 L68 28 M28 68 L21 75" />
    </>
  ),
  onePersonOnly: (
    <>
      {HEAD}
      {SHOULDERS}
    </>
  ),
  takeOffSunglasses: (
    <>
      <path className="hint-sign-solid" d="M10 36 h32 v8 a16 16 0 0 1 -32 0 z M54 36 h32 v8 a16 16 0 0 1 -32 0 z" />
      <path d="M42 38 h12 M16 84 L80 14" />
    </>
  ),
  uncoverFace: (
    <>
      {HEAD}
      <path d="M17 84 a31 26 0 0 1 62 0 M30 46 h36 M16 16 L80 80" />
    </>
  ),
  turnLeft: <path d="M82 48 H16 M42 20 L14 48 L42 76" />,
  turnRight: <path d="M14 48 H80 M54 20 L82 48 L54 76" />,
  blink: (
    <>
      <path d="M10 42 Q48 82 86 42" />
      <path d="M20 58 L12 70 M48 66 V82 M76 58 L84 70" />
    </>
  ),
};

/** The hint as a sign, for those who do not read the sentence. */
export function HintSign({ hint }: { hint: CaptureHint }) {
  return (
    <svg className="hint-sign" data-hint={hint} viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      {SIGNS[hint]}
    </svg>
  );
}
