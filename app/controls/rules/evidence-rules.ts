import type { DocumentKind } from '../../contract/control-protocol.ts';
import type { Check } from '../../contract/crossing.ts';
import { finding, NOTHING, type Rule } from './finding.ts';

/** The evidence is of now: an old one is a replay or a lane whose clock is wrong. */
export const judgeFreshness: Rule = ({ freshness }, { evidence, atMs }) => {
  const ageMs = atMs - Date.parse(evidence.collectedAt);
  const fresh = ageMs <= freshness.maxEvidenceAgeMs && ageMs >= -freshness.maxClockSkewMs;
  return fresh ? NOTHING : finding(freshness.otherwise, 'evidenceStale', 'freshness');
};

/** The lane leads out of (exit) or into (entry) this authority's territory. */
export const judgeDirection: Rule = ({ authority, side }, { evidence }) => {
  if (authority === '*') return NOTHING;
  const ours = side === 'exit' ? evidence.direction.from : evidence.direction.to;
  return ours === authority ? NOTHING : finding('refer', 'foreignDirection', 'authority');
};

/** Every check the side insists on is listed, with an outcome the side accepts. An absent check is not a passed one. */
export const judgeChecks: Rule = ({ checks }, { evidence, document }) =>
  checks
    .filter(({ kinds }) => appliesTo(kinds, document.kind))
    .flatMap(({ id, accept, otherwise }) => {
      const outcomes = evidence.checks.filter((check) => check.id === id).map((check) => check.outcome);
      if (outcomes.length === 0) return finding(otherwise, 'checkMissing', `checks.${id}`);
      // Listed twice with different outcomes: the worse one counts.
      return outcomes.every((outcome) => accept.includes(outcome))
        ? NOTHING
        : finding(otherwise, 'checkNotAccepted', `checks.${id}`);
    });

/** The face comparison by this side's own thresholds, whatever the lane's are. */
export const judgeFace: Rule = ({ face: rule }, { evidence: { face, checks } }) => {
  const named = Object.hasOwn(rule.minimumSimilarity, face.modelId) ? face.modelId : '*';
  const minimum = Object.hasOwn(rule.minimumSimilarity, named) ? rule.minimumSimilarity[named] : undefined;
  if (minimum === undefined) return finding(rule.otherwise, 'faceModelNotAccepted', 'face.minimumSimilarity');
  const path = `face.minimumSimilarity.${named}`;
  if (face.threshold < minimum) return finding(rule.otherwise, 'faceThresholdTooLow', path);
  if (face.similarity < Math.max(minimum, face.threshold)) return finding(rule.otherwise, 'faceNotSimilar', path);
  if (face.framesUsed < rule.minimumFrames) return finding(rule.otherwise, 'faceFramesTooFew', 'face.minimumFrames');
  if (face.liveness === null) {
    return rule.liveness.required ? finding(rule.otherwise, 'livenessMissing', 'face.liveness') : NOTHING;
  }
  const { minimum: alone, minimumMovedAsAsked = alone } = rule.liveness;
  const wanted = movedAsAsked(checks) ? minimumMovedAsAsked : alone;
  return face.liveness >= wanted ? NOTHING : finding(rule.otherwise, 'livenessTooLow', 'face.liveness');
};

/** The lane asked for movements and saw them. Said by every entry of the check, when there are several. */
function movedAsAsked(checks: readonly Check[]): boolean {
  const said = checks.filter(({ id }) => id === 'presentationAttack');
  return said.length > 0 && said.every(({ outcome, reason }) => outcome === 'passed' && reason === 'movedAsAsked');
}

export function appliesTo(kinds: '*' | readonly DocumentKind[], kind: DocumentKind): boolean {
  return kinds === '*' || kinds.includes(kind);
}
