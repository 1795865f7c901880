import { finding, NOTHING, type Rule } from './finding.ts';

const DAY_MS = 86_400_000;

/** The side's own register knows the holder, and the enrolment has not ended. */
export const judgeEnrolment: Rule = ({ enrolment: rule }, { enrolment, today }) => {
  if (!rule.required) return NOTHING;
  if (enrolment === null) return finding(rule.otherwise, 'notEnrolled', 'enrolment.required');
  if (enrolment.validUntil !== null && enrolment.validUntil < today) {
    return finding(rule.otherwise, 'enrolmentEnded', 'enrolment.required');
  }
  return NOTHING;
};

/** The holder has agreed to the comparison for both sides, at the lane or at enrolment. */
export const judgeConsent: Rule = ({ consent, freshness }, { consentGivenAt, enrolment, atMs }) => {
  if (!consent.required) return NOTHING;
  const given = [consentGivenAt, enrolment?.consentGivenAt ?? null]
    .filter((instant) => instant !== null)
    .map((instant) => Date.parse(instant))
    // A consent from the future is none.
    .filter((instant) => instant <= atMs + freshness.maxClockSkewMs);
  if (given.length === 0) return finding(consent.otherwise, 'consentMissing', 'consent.required');
  if (Math.max(...given) < atMs - consent.maxAgeDays * DAY_MS) {
    return finding(consent.otherwise, 'consentTooOld', 'consent.maxAgeDays');
  }
  return NOTHING;
};
