import { CONTROL_PROTOCOL_VERSION, type JointEvidence, type PrepareRequest } from '../contract/control-protocol.ts';
import { CHECK_IDS, type Check, type Direction, type FaceEvidence, SIDES, type Side } from '../contract/crossing.ts';
import type { Grants } from './continued.ts';
import type { EnrolledTraveller } from './enrolment-store.ts';

export interface EvidenceInput {
  readonly recordId: string;
  readonly laneId: string;
  readonly direction: Direction;
  readonly traveller: EnrolledTraveller;
  readonly checks: readonly Check[];
  readonly face: FaceEvidence;
  readonly collectedAt: string;
}

/** Digests, checks and numbers: what both sides sign, with nothing that one side alone may know. */
export function jointEvidence(input: EvidenceInput): JointEvidence {
  return {
    version: CONTROL_PROTOCOL_VERSION,
    recordId: input.recordId,
    laneId: input.laneId,
    direction: input.direction,
    documents: { ...input.traveller.documentDigests },
    checks: inOrder(input.checks),
    face: input.face,
    collectedAt: input.collectedAt,
  };
}

/** One request a side: the same evidence, that side's own document and its own officers' release only. */
export function prepareRequests(
  evidence: JointEvidence,
  traveller: EnrolledTraveller,
  deadline: string,
  grants: Grants = {},
): Record<Side, PrepareRequest> {
  const releaseOf = (side: Side): Pick<PrepareRequest, 'release'> => {
    const given = grants[side] ?? [];
    return given.length === 0 ? {} : { release: { side, recordId: evidence.recordId, grants: [...given] } };
  };
  const [exit, entry] = SIDES.map((side) => ({
    ...releaseOf(side),
    version: CONTROL_PROTOCOL_VERSION,
    side,
    evidence,
    document: traveller.profile.documents[side],
    consentGivenAt: traveller.profile.consentGivenAt,
    deadline,
  })) as [PrepareRequest, PrepareRequest];
  return { exit, entry };
}

/** One line a check, in the registry's order, the newest outcome of each. */
export function inOrder(checks: readonly Check[]): Check[] {
  return CHECK_IDS.flatMap((id) => checks.findLast((check) => check.id === id) ?? []);
}
