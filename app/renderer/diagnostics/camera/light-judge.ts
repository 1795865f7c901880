/** How a light is looked for in the picture: out first, then at its brightest. Plain data, changed by `stepJudge` only. */
export interface LightJudge {
  readonly step: 'out' | 'lit' | 'done';
  /** Pictures measured since the light said that it stands so. */
  readonly pictures: number;
  /** Mean brightness with the light out, and the most with it lit. */
  readonly out: number;
  readonly lit: number;
}

export interface LightSight {
  readonly brightness: number;
  /** As the lane says the light stands now. */
  readonly percent: number;
  readonly mostPercent: number;
}

/** Pictures for the camera's own exposure to come to rest after each change; at four a second that is two seconds. */
export const PICTURES_EACH = 8;

export const beginJudge = (): LightJudge => ({ step: 'out', pictures: 0, out: 0, lit: 0 });

/**
 * After one more measured picture. The dark one counts when the exposure has settled; of the lit ones the brightest, since the same
 * exposure takes the light's gain back within moments.
 */
export function stepJudge(judge: LightJudge, { brightness, percent, mostPercent }: LightSight): LightJudge {
  const wanted = judge.step === 'out' ? 0 : mostPercent;
  if (judge.step === 'done' || percent !== wanted) return judge;
  const pictures = judge.pictures + 1;
  const over = pictures >= PICTURES_EACH;
  if (judge.step === 'out')
    return over ? { ...judge, step: 'lit', pictures: 0, out: brightness } : { ...judge, pictures };
  return { ...judge, step: over ? 'done' : 'lit', pictures, lit: Math.max(judge.lit, brightness) };
}
