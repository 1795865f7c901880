import type { Facts, SelfCheck, SelfCheckId, SelfOutcome } from '../../../contract/diagnostics-checks.ts';

/** What one look found; its name and the time it took are added by {@link timed}. */
export interface Found {
  readonly outcome: SelfOutcome;
  readonly code: string | null;
  readonly facts: Facts;
}

export function found(outcome: SelfOutcome, code: string | null = null, facts: Facts = {}): Found {
  return { outcome, code, facts };
}

/**
 * Runs one look. A bug in a look is a failed look, with its code and never its words: those may quote what was looked at. The
 * report is complete whatever breaks.
 */
export async function timed(id: SelfCheckId, look: () => Promise<Found> | Found): Promise<SelfCheck> {
  const startedAt = performance.now();
  let result: Found;
  try {
    result = await look();
  } catch (cause) {
    result = found('failed', 'checkFailed', { fault: cause instanceof Error ? cause.name : 'unknown' });
  }
  return { id, ...result, ms: Math.round((performance.now() - startedAt) * 10) / 10 };
}
