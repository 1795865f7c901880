import type { AbandonCode, Owner, ReferralCode, Side, VoidCode } from '../../contract/crossing.ts';

/** How the crossing ends its record. */
export type CrossingEnding =
  | { readonly state: 'passed' }
  | { readonly state: 'refused'; readonly owner: Side }
  | { readonly state: 'referred'; readonly owner: Owner; readonly code: ReferralCode }
  | { readonly state: 'abandoned'; readonly code: AbandonCode }
  | { readonly state: 'voided'; readonly code: VoidCode };

/** What the crossing wants done. The lane does it and answers with a fact; the machine itself touches nothing. */
export type CrossingEffect =
  | { readonly type: 'openRecord' }
  | { readonly type: 'identify' }
  | { readonly type: 'openDoor'; readonly door: number; readonly direction: 'forward' | 'backward' }
  | { readonly type: 'shutDoor'; readonly door: number }
  | { readonly type: 'startCapture' }
  | { readonly type: 'stopCapture' }
  | { readonly type: 'askControls' }
  | { readonly type: 'commit' }
  | { readonly type: 'releaseLastDoor'; readonly door: number }
  /** The same release once more for the same person, who asked for more time: only while nobody has passed on it. */
  | { readonly type: 'extendLastDoor'; readonly door: number }
  /** Shut the last door, then read its counter and say whether somebody passed. Answered however long it takes. */
  | { readonly type: 'settlePassage'; readonly door: number }
  | { readonly type: 'endRecord'; readonly ending: CrossingEnding };
