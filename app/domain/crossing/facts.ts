import type { ControlWord, Owner, ReferralCode, ResolutionAction, Side } from '../../contract/crossing.ts';

/** Where the traveller stands: in front of the lane, in chamber A, in chamber B (three doors only), or past the last door. */
export type Place = 'outside' | 'chamberA' | 'chamberB' | 'through';

/** A control's standing in this crossing: still thinking, its word, or why there is none. */
export type AnswerState = 'waiting' | ControlWord | 'noAnswer' | 'invalid';

/** Facts the crossing is told. Each happened in the world, in a store or in a control; none is a wish. */
export type CrossingFact =
  | { readonly type: 'recordOpened' }
  | { readonly type: 'recordRefused'; readonly code: 'duplicateDocument' }
  | { readonly type: 'identified' }
  | { readonly type: 'notIdentified'; readonly code: ReferralCode; readonly owner: Owner }
  /** Found out after the holder was identified, while walking in: the chip is not what it should be. */
  | { readonly type: 'documentFailed'; readonly code: ReferralCode; readonly owner: Owner }
  | {
      readonly type: 'passage';
      readonly door: number;
      readonly direction: 'forward' | 'backward';
      readonly persons: number;
    }
  | { readonly type: 'faceMatched' }
  | { readonly type: 'faceNotAccepted'; readonly code: ReferralCode }
  | { readonly type: 'answered'; readonly side: Side; readonly word: ControlWord }
  | { readonly type: 'notAnswered'; readonly side: Side; readonly problem: 'noAnswer' | 'invalid' }
  | { readonly type: 'committed' }
  | { readonly type: 'commitRefused' }
  | { readonly type: 'clearanceExpired' }
  | { readonly type: 'recordEnded' }
  | { readonly type: 'storeFailed' }
  | { readonly type: 'doorFault'; readonly door: number }
  | { readonly type: 'laneControllerLost' }
  /** The last door is shut, nobody stands in it, and its counter has been read, perhaps after the controller was away. */
  | { readonly type: 'passageSettled'; readonly verdict: 'passed' | 'notPassed' | 'uncertain' }
  | { readonly type: 'emergencyReleased' }
  | { readonly type: 'moreTimeAsked' }
  | { readonly type: 'officerActed'; readonly action: ResolutionAction };
