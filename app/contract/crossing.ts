import { z } from 'zod';

/** The two sovereign controls of one crossing: the one the traveller leaves and the one the traveller enters. */
export const SIDES = ['exit', 'entry'] as const;
export const sideSchema = z.enum(SIDES);
export type Side = z.infer<typeof sideSchema>;

export function otherSide(side: Side): Side {
  return side === 'exit' ? 'entry' : 'exit';
}

/** An authority by its ISO 3166-1 alpha-3 code, e.g. CHN. */
export const authoritySchema = z.string().regex(/^[A-Z]{3}$/);
export type Authority = z.infer<typeof authoritySchema>;

/** The two authorities of a lane, e.g. from CHN to MAC. */
export const directionSchema = z.strictObject({ from: authoritySchema, to: authoritySchema });
export type Direction = z.infer<typeof directionSchema>;

/** Three doors make two chambers in series (A, B); two doors make one chamber (A). */
export const topologySchema = z.enum(['threeDoor', 'twoDoor']);
export type Topology = z.infer<typeof topologySchema>;

export const recordIdSchema = z.uuid();
export const laneIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/);

/** What a control says. The word is for both sides; the reason behind it is for its own side only (G5). */
export const CONTROL_WORDS = ['clear', 'refer', 'refuse'] as const;
export const controlWordSchema = z.enum(CONTROL_WORDS);
export type ControlWord = z.infer<typeof controlWordSchema>;

/** Every check a verdict lists, one by one, never silently absent (border practice, "checks that a verdict lists"). */
export const CHECK_IDS = [
  'mrzCheckDigits',
  'mrzMatchesChip',
  'documentValidity',
  'chipAccess',
  'sodSignature',
  'signerChain',
  'signerValidity',
  'sodMatchesCom',
  'dataGroupHashes',
  'issuingStateMatchesSigner',
  'chipAuthenticity',
  'faceQuality',
  'presentationAttack',
  'faceMatch',
  'profileAndConsent',
  'exitControl',
  'entryControl',
] as const;
export const checkIdSchema = z.enum(CHECK_IDS);
export type CheckId = z.infer<typeof checkIdSchema>;

/** The checks that only a chip can answer. */
export const CHIP_CHECK_IDS = [
  'mrzMatchesChip',
  'chipAccess',
  'sodSignature',
  'signerChain',
  'signerValidity',
  'sodMatchesCom',
  'dataGroupHashes',
  'issuingStateMatchesSigner',
  'chipAuthenticity',
] as const satisfies readonly CheckId[];

export const CHECK_OUTCOMES = ['passed', 'failed', 'notSupported', 'notDone'] as const;
export const checkSchema = z.strictObject({
  id: checkIdSchema,
  outcome: z.enum(CHECK_OUTCOMES),
  /** Why it failed or was not done: a code, never personal data. */
  reason: z.string().max(64).nullable(),
});
export type Check = z.infer<typeof checkSchema>;

/** Face evidence that may be kept: numbers about the comparison, never a frame, portrait or template (G6). */
export const faceEvidenceSchema = z.strictObject({
  modelId: z.string().max(64),
  /** Cosine similarity, -1..1. */
  similarity: z.number().min(-1).max(1),
  /** Cosine threshold in use. */
  threshold: z.number().min(-1).max(1),
  /** Probability of a live presentation, 0..1, or null when no PAD model is fitted. */
  liveness: z.number().min(0).max(1).nullable(),
  framesUsed: z.int().min(0).max(1000),
});
export type FaceEvidence = z.infer<typeof faceEvidenceSchema>;

/** States of a joint record. `passed`, `refused`, `resolved`, `abandoned` and `voided` are ends; `referred` waits for an officer. */
export const RECORD_STATES = [
  'open',
  'identified',
  'verified',
  'prepared',
  'committed',
  'passed',
  'refused',
  'referred',
  'resolved',
  'abandoned',
  'voided',
] as const;
export const recordStateSchema = z.enum(RECORD_STATES);
export type RecordState = z.infer<typeof recordStateSchema>;

export const END_STATES = [
  'passed',
  'refused',
  'resolved',
  'abandoned',
  'voided',
] as const satisfies readonly RecordState[];
export type EndState = (typeof END_STATES)[number];

export function isEnded(state: RecordState): state is EndState {
  return (END_STATES as readonly RecordState[]).includes(state);
}

/** Whose officers a referral or an alarm belongs to. */
export const ownerSchema = z.enum(['exit', 'entry', 'port']);
export type Owner = z.infer<typeof ownerSchema>;

/** Why a crossing did not go through: words that both sides and the lane's technician may know. A control's own reason is sealed. */
export const REFERRAL_CODES = [
  'duplicateDocument',
  'documentCheckFailed',
  'notEnrolled',
  'consentMissing',
  'faceNotMatched',
  'spoofSuspected',
  'severalFaces',
  'noFace',
  'frozenVideo',
  'cameraFailed',
  'faceTimeout',
  'faceEngineFailed',
  'tailgating',
  'exitControlReferred',
  'entryControlReferred',
  'controlAnswerInvalid',
  'controlUnreachable',
  'clearanceExpired',
  'doorFault',
  'deviceFault',
  'storeFailed',
  'passageUncertain',
  // Of a record that has ended while its traveller still stands in the lane.
  'exitControlRefused',
  'entryControlRefused',
  'didNotPass',
] as const;
export const referralCodeSchema = z.enum(REFERRAL_CODES);
export type ReferralCode = z.infer<typeof referralCodeSchema>;

export const ABANDON_CODES = [
  'didNotEnter',
  'didNotMoveOn',
  'walkedBack',
  'laneRestarted',
  'laneBlocked',
  'emergency',
] as const;
export const abandonCodeSchema = z.enum(ABANDON_CODES);
export type AbandonCode = z.infer<typeof abandonCodeSchema>;

export const VOID_CODES = [
  'didNotPass',
  'walkedBack',
  'laneRestarted',
  'emergency',
  'doorFault',
  'storeFailed',
  'deviceFault',
  'tailgating',
  'unknownToHome',
] as const;
export const voidCodeSchema = z.enum(VOID_CODES);
export type VoidCode = z.infer<typeof voidCodeSchema>;

/** How an officer ends a referral. `released`: the same person goes on in a new record, with that side's release. */
export const RESOLUTION_ACTIONS = ['sentBack', 'handedToManualLane', 'released'] as const;
export const resolutionActionSchema = z.enum(RESOLUTION_ACTIONS);
export type ResolutionAction = z.infer<typeof resolutionActionSchema>;

/** What ends a crossing for good; a release is an act of its own, with proofs of its own. */
export const leavingActionSchema = resolutionActionSchema.exclude(['released']);
export type LeavingAction = z.infer<typeof leavingActionSchema>;

/** A short word for why an officer acts, from the console's list. */
export const reasonCodeSchema = z.string().regex(/^[a-zA-Z]{1,40}$/);

/** In the evidence, as the reason of a side's check that is not done yet: its officers have released. Both sides may know that. */
export const RELEASED_BY_OFFICER = 'releasedByOfficer';
