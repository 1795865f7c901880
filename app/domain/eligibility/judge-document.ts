import { CHIP_CHECK_IDS, type Check, type CheckId, type Owner, type ReferralCode } from '../../contract/crossing.ts';

/** Checks a document must pass before door 1 opens, when it supports them. Order: the first failure names the referral. */
const DOCUMENT_CHECKS: readonly CheckId[] = ['mrzCheckDigits', 'documentValidity', ...CHIP_CHECK_IDS];

export interface DocumentJudgement {
  readonly code: ReferralCode;
  readonly owner: Owner;
  readonly failed: readonly CheckId[];
}

/**
 * The lane's decision table on a document: it reads only the verdict. Document referrals belong to the exit side first.
 * `notSupported` and `notDone` are no failure here: whether they suffice is each control's own rule.
 */
export function judgeDocument(checks: readonly Check[]): DocumentJudgement | null {
  const failed = DOCUMENT_CHECKS.filter((id) => checks.some((check) => check.id === id && check.outcome === 'failed'));
  return failed.length === 0 ? null : { code: 'documentCheckFailed', owner: 'exit', failed };
}
