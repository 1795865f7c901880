import type { Check } from '../../../contract/crossing.ts';

const RANK: Readonly<Record<Check['outcome'], number>> = { failed: 0, notDone: 1, notSupported: 2, passed: 3 };

/** Failed, then not done, then not supported, then passed; within one outcome in the verdict's own order. */
export function failedFirst(checks: readonly Check[]): Check[] {
  return [...checks].sort((a, b) => RANK[a.outcome] - RANK[b.outcome]);
}
