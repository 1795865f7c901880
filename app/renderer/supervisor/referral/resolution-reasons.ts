/** Why an officer resolved a referral as they did: the code goes into the journal, the words are in the catalogue. */
export const RESOLUTION_REASONS = [
  'identityConfirmed',
  'documentInspected',
  'notEligible',
  'travellerAsked',
  'technicalFault',
  'otherReason',
] as const;
export type ResolutionReason = (typeof RESOLUTION_REASONS)[number];
