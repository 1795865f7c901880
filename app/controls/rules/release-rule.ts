import type { ReleaseGrant } from '../../contract/control-protocol.ts';
import { RELEASED_BY_OFFICER } from '../../contract/crossing.ts';
import type { DecisionCode } from '../../contract/decision-codes.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** About the lane or the moment, never about the traveller: no officer can answer for them. */
const NEVER: ReadonlySet<DecisionCode> = new Set([
  'evidenceStale',
  'foreignDirection',
  'faceModelNotAccepted',
  'faceThresholdTooLow',
  'crossingUnderWay',
]);

/** What rests on the lane's own checks of face and document. */
const OF_CHECKS: ReadonlySet<DecisionCode> = new Set([
  'checkMissing',
  'checkNotAccepted',
  'faceNotSimilar',
  'faceFramesTooFew',
  'livenessMissing',
  'livenessTooLow',
]);

/**
 * What is left of the findings once this side's own officers have released. They answer for the reason they were shown: one officer
 * where it only refers, two different ones for a refusal or a watchlist entry. Face and document, which the lane had referred and an
 * officer has judged, are answered for by name. What only the other side's officers have judged is referred to our own.
 */
export function leftAfterRelease(findings: readonly Finding[], facts: Facts): readonly Finding[] {
  const grants = facts.release?.grants ?? [];
  const left = findings.filter((finding) => !grants.some((grant) => answersFor(grant, finding, facts)));
  return left.map((finding) => (judgedByOther(finding, facts) ? { ...finding, ...REFERRED_TO_OWN } : finding));
}

const REFERRED_TO_OWN = { word: 'refer', code: 'releasedByOtherSide' } as const;

/** For what they saw and nothing else: what they were not shown stops the traveller again. */
function answersFor(grant: ReleaseGrant, finding: Finding, facts: Facts): boolean {
  if (NEVER.has(finding.code)) return false;
  const two = grant.officers.length === 2;
  if (grant.reason?.rule === finding.rule) return two || (finding.word === 'refer' && !finding.silent);
  if (grant.reason?.code === REFERRED_TO_OWN.code) return judgedByOther(finding, facts);
  return isJudged(grant, finding, facts);
}

/** An attack that was seen is no matter of a picture that could not be compared: one officer alone does not answer for it. */
function isJudged({ checks, officers }: ReleaseGrant, { code, rule }: Finding, facts: Facts): boolean {
  if (!OF_CHECKS.has(code)) return false;
  if (rule.startsWith('face.')) return checks.includes('faceMatch');
  const check = checks.find((id) => rule === `checks.${id}`);
  return check !== undefined && (officers.length === 2 || !(check === 'presentationAttack' && failed(facts, check)));
}

function judgedByOther({ code, rule, silent }: Finding, facts: Facts): boolean {
  if (silent || !OF_CHECKS.has(code)) return false;
  if (rule === 'checks.presentationAttack' && failed(facts, 'presentationAttack')) return false;
  const other = facts.side === 'exit' ? 'entryControl' : 'exitControl';
  return facts.evidence.checks.some(({ id, reason }) => id === other && reason === RELEASED_BY_OFFICER);
}

function failed({ evidence }: Facts, id: string): boolean {
  return evidence.checks.some((check) => check.id === id && check.outcome === 'failed');
}
