import type { DayFigures } from '../../record/store.ts';

/** Counts add up; of times that were measured apart only the ones that stand on more crossings are shown. */
export function addFigures(a: DayFigures, b: DayFigures): DayFigures {
  const more = a.passed >= b.passed ? a : b;
  return {
    opened: a.opened + b.opened,
    passed: a.passed + b.passed,
    refused: a.refused + b.refused,
    referred: a.referred + b.referred,
    abandoned: a.abandoned + b.abandoned,
    voided: a.voided + b.voided,
    medianMs: more.medianMs,
    p95Ms: more.p95Ms,
  };
}
