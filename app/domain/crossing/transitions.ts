import type { AbandonCode, Owner, ReferralCode, VoidCode } from '../../contract/crossing.ts';
import type { CrossingEffect, CrossingEnding } from './effects.ts';
import type { CrossingFact, Place } from './facts.ts';

// Transitions that several states of the chart share, each said once.

export const effect = (params: CrossingEffect) => ({ type: 'effect' as const, params });
export const referred = (code: ReferralCode, owner: Owner) => ({
  target: '#crossing.ending',
  actions: { type: 'willRefer' as const, params: { code, owner } },
});
export const abandoned = (code: AbandonCode) => ({
  target: '#crossing.ending',
  actions: { type: 'willAbandon' as const, params: code },
});
export const voided = (code: VoidCode) => ({
  target: '#crossing.settling',
  actions: { type: 'willVoid' as const, params: code },
});
/** The store's no, before a record is open. Nobody stands inside yet, but for somebody who was released: an officer sees to them. */
export const notOpened = (code: ReferralCode, unwritten: boolean) => {
  const actions = [
    { type: 'willRefer' as const, params: { code, owner: 'port' as const } },
    ...(unwritten ? [{ type: 'markUnwritten' as const }] : []),
  ];
  return [
    { guard: 'resumed' as const, target: '#crossing.afterwards', actions },
    { target: '#crossing.unrecorded', actions },
  ];
};
/** A traveller who needs longer asks for it, so many times in a crossing; the step's time begins anew. */
export const moreTimeIn = <Target extends string>(target: Target) => ({
  guard: 'mayExtend' as const,
  target,
  reenter: true,
  actions: 'countExtension' as const,
});
export const trouble = (ending: CrossingEnding) => ({ actions: { type: 'noteTrouble' as const, params: ending } });
export const walkedOut = {
  guard: 'walkedOut' as const,
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: 'outside' as const },
    { type: 'willAbandon' as const, params: 'walkedBack' as const },
  ],
};
/** Nobody goes on with a document that turned out bad, wherever they stand by now. */
export const badDocument = {
  target: '#crossing.ending',
  actions: {
    type: 'willRefer' as const,
    params: ({ event }: { event: Extract<CrossingFact, { type: 'documentFailed' }> }) => ({
      code: event.code,
      owner: event.owner,
    }),
  },
};
export const tailgated = (door: number, place: Place) => ({
  guard: { type: 'severalThrough' as const, params: door },
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: place },
    { type: 'willRefer' as const, params: { code: 'tailgating' as const, owner: 'port' as const } },
  ],
});

/** Through the last door without a release: whoever that was, no clearance stands for it. */
export const forcedOut = {
  guard: 'lastDoorPassed' as const,
  target: '#crossing.ending',
  actions: [
    { type: 'standThrough' as const },
    { type: 'willRefer' as const, params: { code: 'passageUncertain' as const, owner: 'port' as const } },
  ],
};
/** From chamber B back through door 2: the way on is shut behind them. */
export const wentBackToA = {
  guard: 'turnedBack' as const,
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: 'chamberA' as const },
    { type: 'willAbandon' as const, params: 'walkedBack' as const },
  ],
};

/** Somebody is inside already: whoever else comes through the door behind is one too many, also when counted on their own. */
export const anotherCame = (door: number, place: Place) => ({
  guard: { type: 'anotherThrough' as const, params: door },
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: place },
    { type: 'willRefer' as const, params: { code: 'tailgating' as const, owner: 'port' as const } },
  ],
});

/** While the record of somebody who was released is being opened: nobody else comes in, and no door is theirs yet. */
const stray = (guard: 'strayedOut' | 'strayedIn', code: ReferralCode) =>
  ({ guard, ending: { state: 'referred', owner: 'port', code } }) as const;
const STRAYS = [stray('strayedOut', 'passageUncertain'), stray('strayedIn', 'tailgating')];
export const strayNoted = STRAYS.map(({ guard, ending }) => ({
  guard,
  actions: [{ type: 'followPassage' as const }, { type: 'noteTrouble' as const, params: ending }],
}));
export const strayEnds = STRAYS.map(({ guard, ending: { code, owner } }) => ({
  guard,
  target: '#crossing.ending',
  actions: [{ type: 'followPassage' as const }, { type: 'willRefer' as const, params: { code, owner } }],
}));
