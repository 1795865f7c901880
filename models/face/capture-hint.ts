import type { CaptureHint } from '../../app/contract/traveller-view.ts';

/** Which hint is shown and which one the frames ask for. Nothing (null) is a hint like any other: it too must last. */
export interface HintState {
  readonly shown: CaptureHint | null;
  readonly shownSinceMs: number;
  readonly wanted: CaptureHint | null;
  readonly wantedSinceMs: number;
}

export interface HintDelays {
  /** A hint stays at least this long: at most one change in this time. */
  readonly hintHoldMs: number;
  /** A new hint must be wanted without interruption for this long. */
  readonly hintAfterMs: number;
}

/** A traveller who steps in is told to look here at once. */
export function beginHint(atMs: number): HintState {
  return { shown: 'lookHere', shownSinceMs: atMs, wanted: 'lookHere', wantedSinceMs: atMs };
}

export function wantHint(state: HintState, wanted: CaptureHint | null, atMs: number, delays: HintDelays): HintState {
  const wantedSinceMs = wanted === state.wanted ? state.wantedSinceMs : atMs;
  const due = atMs - state.shownSinceMs >= delays.hintHoldMs && atMs - wantedSinceMs >= delays.hintAfterMs;
  if (wanted === state.shown || !due) return { ...state, wanted, wantedSinceMs };
  return { shown: wanted, shownSinceMs: atMs, wanted, wantedSinceMs };
}
