/** Every delay of a crossing by name, in milliseconds, so that a lane profile can set it and a test can fake it. */
export interface CrossingDelays {
  /** The joint record must be opened and the profile found within this time. */
  readonly identifyTimeout: number;
  /** From door 1 opening to one person inside. */
  readonly enterTimeout: number;
  /** From entering chamber A to a face decision. */
  readonly faceTimeout: number;
  /** Both controls must have answered; longer than the deadline given to them, as a second fence. */
  readonly answerTimeout: number;
  /** From door 2 opening to standing in chamber B. */
  readonly moveTimeout: number;
  /** The joint commit must be durable within this time. */
  readonly commitTimeout: number;
  /** From the last door opening to having passed it. */
  readonly passTimeout: number;
}

export const DEFAULT_CROSSING_DELAYS: CrossingDelays = {
  identifyTimeout: 5_000,
  enterTimeout: 20_000,
  faceTimeout: 20_000,
  answerTimeout: 12_000,
  moveTimeout: 20_000,
  commitTimeout: 5_000,
  passTimeout: 20_000,
};
