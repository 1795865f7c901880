import { CHECK_IDS, type Check, type CheckId } from '../../contract/crossing.ts';

/** Short hands for the four outcomes, so that every check reads the same. */
export const passed = (id: CheckId, reason: string | null = null): Check => ({ id, outcome: 'passed', reason });
export const failed = (id: CheckId, reason: string): Check => ({ id, outcome: 'failed', reason });
export const notDone = (id: CheckId, reason: string): Check => ({ id, outcome: 'notDone', reason });
export const notSupported = (id: CheckId, reason: string): Check => ({ id, outcome: 'notSupported', reason });

/** All checks in the contract's order; what nobody did says so with `reason`, so that none is silently absent. */
export function completeChecks(done: readonly Check[], reason: string): readonly Check[] {
  return CHECK_IDS.map((id) => done.find((check) => check.id === id) ?? notDone(id, reason));
}
