import { type Rate, rateOf } from './error-rates.ts';

/*
 * Presentation attack detection in the words of ISO/IEC 30107-3: APCER is the share of attacks taken for live, BPCER the
 * share of live presentations taken for attacks. Between the two thresholds this model is unsure; that is counted apart
 * (the lane then looks on, or asks for a movement), so unsure is neither error.
 */

export interface PadSample {
  readonly file: string;
  readonly attack: boolean;
  /** 0..1, or null when no face was found: no answer, counted with the unsure ones. */
  readonly liveness: number | null;
}

export interface PadThresholds {
  readonly liveFrom: number;
  readonly spoofBelow: number;
}

export interface PadRates {
  readonly apcer: Rate;
  readonly bpcer: Rate;
  readonly unsureAttacks: number;
  readonly unsureLive: number;
}

export function padRates(samples: readonly PadSample[], { liveFrom, spoofBelow }: PadThresholds): PadRates {
  const attacks = samples.filter(({ attack }) => attack);
  const live = samples.filter(({ attack }) => !attack);
  const count = (among: readonly PadSample[], holds: (liveness: number) => boolean): number =>
    among.filter(({ liveness }) => liveness !== null && holds(liveness)).length;
  const unsure = (among: readonly PadSample[]): number =>
    among.length - count(among, (liveness) => liveness >= liveFrom || liveness < spoofBelow);
  return {
    apcer: rateOf(
      count(attacks, (liveness) => liveness >= liveFrom),
      attacks.length,
    ),
    bpcer: rateOf(
      count(live, (liveness) => liveness < spoofBelow),
      live.length,
    ),
    unsureAttacks: unsure(attacks),
    unsureLive: unsure(live),
  };
}

/** What a sample's file name says: `live-1.jpg` is live, `attack-1.jpg`, `print-3.png` and everything else an attack. */
export const isAttackByName = (file: string): boolean => !/^live\b/i.test(file);
