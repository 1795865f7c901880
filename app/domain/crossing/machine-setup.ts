import { assign, emit, setup } from 'xstate';
import type { AbandonCode, Owner, ReferralCode, VoidCode } from '../../contract/crossing.ts';
import type { CrossingContext, CrossingInput, CrossingOutput } from './context.ts';
import type { CrossingEffect, CrossingEnding } from './effects.ts';
import type { CrossingFact, Place } from './facts.ts';
import { anyNotCleared, bothClear, endingByAnswers, lastDoorOf, placeAfter } from './rules.ts';

const MAX_EXTENSIONS = 2;

/** Types, delays, actions and guards of the crossing; the chart itself is in `machine.ts`. */
export const crossing = setup({
  types: {
    context: {} as CrossingContext,
    events: {} as CrossingFact,
    emitted: {} as CrossingEffect,
    input: {} as CrossingInput,
    output: {} as CrossingOutput,
  },
  delays: {
    identifyTimeout: ({ context }) => context.delays.identifyTimeout,
    enterTimeout: ({ context }) => context.delays.enterTimeout,
    faceTimeout: ({ context }) => context.delays.faceTimeout,
    answerTimeout: ({ context }) => context.delays.answerTimeout,
    moveTimeout: ({ context }) => context.delays.moveTimeout,
    commitTimeout: ({ context }) => context.delays.commitTimeout,
    passTimeout: ({ context }) => context.delays.passTimeout,
  },
  actions: {
    effect: emit((_, effect: CrossingEffect) => effect),
    extendLastDoor: emit(({ context }) => ({ type: 'extendLastDoor' as const, door: lastDoorOf(context.topology) })),
    releaseLastDoor: emit(({ context }) => ({ type: 'releaseLastDoor' as const, door: lastDoorOf(context.topology) })),
    shutLastDoor: emit(({ context }) => ({ type: 'shutDoor' as const, door: lastDoorOf(context.topology) })),
    settlePassage: emit(({ context }) => ({ type: 'settlePassage' as const, door: lastDoorOf(context.topology) })),
    endRecord: emit(({ context }) => ({
      type: 'endRecord' as const,
      // Every way into `ending` sets one; a bug that did not would refer, never let pass.
      ending: context.ending ?? {
        state: 'referred' as const,
        owner: 'port' as const,
        code: 'passageUncertain' as const,
      },
    })),
    willRefer: assign((_, params: { code: ReferralCode; owner: Owner }) => ({
      ending: { state: 'referred' as const, ...params },
    })),
    willAbandon: assign((_, code: AbandonCode) => ({ ending: { state: 'abandoned' as const, code } })),
    willVoid: assign((_, code: VoidCode) => ({ ending: { state: 'voided' as const, code } })),
    willEndByAnswers: assign(({ context }) => ({ ending: endingByAnswers(context.answers) })),
    noteTrouble: assign(({ context }, trouble: CrossingEnding) => ({ trouble: context.trouble ?? trouble })),
    willEndByTrouble: assign(({ context }) => ({ ending: context.trouble })),
    reach: assign(({ context }, station: number) => ({ stations: Math.max(context.stations, station) })),
    willPass: assign({ ending: { state: 'passed' as const } }),
    standAt: assign((_, place: Place) => ({ place })),
    followPassage: assign(({ context, event }) =>
      event.type === 'passage' ? { place: placeAfter(context.topology, event.door, event.direction) } : {},
    ),
    markJoined: assign({ joined: true }),
    standThrough: assign({ place: 'through' as const }),
    countExtension: assign(({ context }) => ({ extensions: context.extensions + 1 })),
    markUnwritten: assign({ unwritten: true }),
    markRecorded: assign({ unrecorded: false }),
  },
  guards: {
    resumed: ({ context }) => context.resumed,
    strayedOut: ({ context, event }) =>
      context.resumed &&
      event.type === 'passage' &&
      event.direction === 'forward' &&
      event.door === lastDoorOf(context.topology),
    strayedIn: ({ context, event }) => context.resumed && event.type === 'passage' && event.direction === 'forward',
    cameIn: ({ event }) => event.type === 'passage' && event.direction === 'forward',
    threeDoor: ({ context }) => context.topology === 'threeDoor',
    exitClear: ({ context }) => context.answers.exit === 'clear',
    bothClear: ({ context }) => bothClear(context.answers),
    anyNotCleared: ({ context }) => anyNotCleared(context.answers),
    troubled: ({ context }) => context.trouble !== null,
    mayExtend: ({ context }) => context.extensions < MAX_EXTENSIONS,
    oneThrough: ({ event }, door: number) =>
      event.type === 'passage' && event.direction === 'forward' && event.persons === 1 && event.door === door,
    severalThrough: ({ event }, door: number) =>
      event.type === 'passage' && event.direction === 'forward' && event.persons > 1 && event.door === door,
    lastDoorPassed: ({ context, event }) =>
      event.type === 'passage' && event.direction === 'forward' && event.door === lastDoorOf(context.topology),
    walkedOut: ({ event }) => event.type === 'passage' && event.direction === 'backward' && event.door === 1,
    settledPassed: ({ event }) => event.type === 'passageSettled' && event.verdict === 'passed',
    settledUncertain: ({ event }) => event.type === 'passageSettled' && event.verdict === 'uncertain',
    standsBeforeLast: ({ context }) => context.place === (context.topology === 'threeDoor' ? 'chamberB' : 'chamberA'),
    /** Back through the door behind: away from the last door, whichever that is. */
    turnedBack: ({ context, event }) =>
      event.type === 'passage' && event.direction === 'backward' && event.door < lastDoorOf(context.topology),
    anotherThrough: ({ event }, door: number) =>
      event.type === 'passage' && event.direction === 'forward' && event.door === door,
    outOfTheLane: ({ context }) => context.place === 'outside' || context.place === 'through',
    inChamberA: ({ context }) => context.place === 'chamberA',
    inChamberB: ({ context }) => context.place === 'chamberB',
    stillInside: ({ context }) => context.place === 'chamberA' || context.place === 'chamberB',
    /** A release is for the one person whom the record was about, who stands here still. */
    releasedInVain: ({ context, event }) =>
      event.type === 'officerActed' &&
      event.action === 'released' &&
      (context.joined || (context.place !== 'chamberA' && context.place !== 'chamberB')),
    /** A refused or abandoned traveller in chamber A never left: the way back is theirs. Everybody else waits for an officer. */
    goesBackAlone: ({ context }) => context.ending?.state === 'refused' || context.ending?.state === 'abandoned',
    sentBack: ({ event }) => event.type === 'officerActed' && event.action === 'sentBack',
  },
});
