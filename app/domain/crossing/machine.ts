import { and, assign, not } from 'xstate';
import type { AbandonCode, Owner, ReferralCode, VoidCode } from '../../contract/crossing.ts';
import type { CrossingEffect } from './effects.ts';
import type { CrossingFact, Place } from './facts.ts';
import { crossing } from './machine-setup.ts';
import { placeAfter } from './rules.ts';

const effect = (params: CrossingEffect) => ({ type: 'effect' as const, params });
const referred = (code: ReferralCode, owner: Owner) => ({
  target: '#crossing.ending',
  actions: { type: 'willRefer' as const, params: { code, owner } },
});
const abandoned = (code: AbandonCode) => ({
  target: '#crossing.ending',
  actions: { type: 'willAbandon' as const, params: code },
});
const voided = (code: VoidCode) => ({
  target: '#crossing.settling',
  actions: { type: 'willVoid' as const, params: code },
});
const unrecorded = (code: ReferralCode) => ({
  target: 'unrecorded',
  actions: { type: 'willRefer' as const, params: { code, owner: 'port' as const } },
});
const walkedOut = {
  guard: 'walkedOut' as const,
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: 'outside' as const },
    { type: 'willAbandon' as const, params: 'walkedBack' as const },
  ],
};
/** Nobody goes on with a document that turned out bad, wherever they stand by now. */
const badDocument = {
  target: '#crossing.ending',
  actions: {
    type: 'willRefer' as const,
    params: ({ event }: { event: Extract<CrossingFact, { type: 'documentFailed' }> }) => ({
      code: event.code,
      owner: event.owner,
    }),
  },
};
const tailgated = (door: number, place: Place) => ({
  guard: { type: 'severalThrough' as const, params: door },
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: place },
    { type: 'willRefer' as const, params: { code: 'tailgating' as const, owner: 'port' as const } },
  ],
});

/** Through the last door without a release: whoever that was, no clearance stands for it. */
const forcedOut = {
  guard: 'lastDoorPassed' as const,
  target: '#crossing.ending',
  actions: [
    { type: 'standThrough' as const },
    { type: 'willRefer' as const, params: { code: 'passageUncertain' as const, owner: 'port' as const } },
  ],
};
/** From chamber B back through door 2: the way on is shut behind them. */
const wentBackToA = {
  guard: 'turnedBack' as const,
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: 'chamberA' as const },
    { type: 'willAbandon' as const, params: 'walkedBack' as const },
  ],
};

/** Somebody is inside already: whoever else comes through the door behind is one too many, also when counted on their own. */
const anotherCame = (door: number, place: Place) => ({
  guard: { type: 'anotherThrough' as const, params: door },
  target: '#crossing.ending',
  actions: [
    { type: 'standAt' as const, params: place },
    { type: 'willRefer' as const, params: { code: 'tailgating' as const, owner: 'port' as const } },
  ],
});

/**
 * One traveller's passage from the exit side to the entry side, from an accepted document to an empty lane.
 * It is told facts and emits effects; clock, doors, stores and controls are the lane's. The two-phase clearance: `asking`
 * is prepare, `committing` is commit, `leaving` is the only state in which the last door is released, `settling` decides
 * between pass and void by the door's own counter. `docs/crossing.md` is generated from this file.
 */
export const crossingMachine = crossing.createMachine({
  id: 'crossing',
  context: ({ input }) => ({
    topology: input.topology,
    delays: input.delays,
    place: 'outside',
    answers: { exit: 'waiting', entry: 'waiting' },
    ending: null,
    extensions: 0,
    unwritten: false,
    unrecorded: true,
  }),
  output: ({ context: { ending, place, unwritten, unrecorded } }) => ({ ending, place, unwritten, unrecorded }),
  initial: 'opening',
  on: {
    // Sensors are believed in every state: where the traveller stands is never a guess.
    passage: {
      actions: assign(({ context, event }) => ({ place: placeAfter(context.topology, event.door, event.direction) })),
    },
    storeFailed: referred('storeFailed', 'port'),
    doorFault: referred('doorFault', 'port'),
    laneControllerLost: referred('deviceFault', 'port'),
    emergencyReleased: abandoned('emergency'),
  },
  states: {
    opening: {
      entry: effect({ type: 'openRecord' }),
      // A record may or may not exist when the store did not answer: recovery has to look.
      after: {
        identifyTimeout: {
          ...unrecorded('storeFailed'),
          actions: [unrecorded('storeFailed').actions, 'markUnwritten'],
        },
      },
      on: {
        recordOpened: { target: 'identifying', actions: 'markRecorded' },
        // No record of this attempt exists; the live one it collides with stays what it is.
        recordRefused: unrecorded('duplicateDocument'),
        storeFailed: { ...unrecorded('storeFailed'), actions: [unrecorded('storeFailed').actions, 'markUnwritten'] },
        // Wait for the store's word first: ending an unopened record is no end.
        doorFault: {},
        laneControllerLost: {},
        emergencyReleased: {},
      },
    },
    identifying: {
      entry: effect({ type: 'identify' }),
      after: { identifyTimeout: referred('storeFailed', 'port') },
      on: {
        identified: 'entering',
        notIdentified: {
          target: 'ending',
          actions: { type: 'willRefer', params: ({ event }) => ({ code: event.code, owner: event.owner }) },
        },
      },
    },
    entering: {
      entry: effect({ type: 'openDoor', door: 1, direction: 'forward' }),
      exit: effect({ type: 'shutDoor', door: 1 }),
      after: { enterTimeout: abandoned('didNotEnter') },
      on: {
        passage: [
          {
            guard: { type: 'oneThrough', params: 1 },
            target: 'verifying',
            actions: { type: 'standAt', params: 'chamberA' },
          },
          tailgated(1, 'chamberA'),
        ],
        documentFailed: badDocument,
        moreTimeAsked: { guard: 'mayExtend', target: 'entering', reenter: true, actions: 'countExtension' },
      },
    },
    verifying: {
      entry: effect({ type: 'startCapture' }),
      exit: effect({ type: 'stopCapture' }),
      after: { faceTimeout: referred('faceTimeout', 'exit') },
      on: {
        faceMatched: 'asking',
        documentFailed: badDocument,
        faceNotAccepted: {
          target: 'ending',
          actions: { type: 'willRefer', params: ({ event }) => ({ code: event.code, owner: 'exit' }) },
        },
        passage: [walkedOut, anotherCame(1, 'chamberA')],
      },
    },
    asking: {
      entry: effect({ type: 'askControls' }),
      after: {
        answerTimeout: [
          { guard: not('bothClear'), target: 'ending', actions: 'willEndByAnswers' },
          // Both have cleared somebody who does not stand before the last door: a person has to look.
          { guard: not('standsBeforeLast'), ...referred('passageUncertain', 'port') },
        ],
      },
      on: {
        // The first answer of a side stands; a second one can't change what was signed.
        answered: {
          actions: assign(({ context, event }) =>
            context.answers[event.side] === 'waiting'
              ? { answers: { ...context.answers, [event.side]: event.word } }
              : {},
          ),
        },
        notAnswered: {
          actions: assign(({ context, event }) =>
            context.answers[event.side] === 'waiting'
              ? { answers: { ...context.answers, [event.side]: event.problem } }
              : {},
          ),
        },
        clearanceExpired: referred('clearanceExpired', 'port'),
        documentFailed: badDocument,
        passage: [walkedOut, forcedOut, anotherCame(1, 'chamberA')],
      },
      initial: 'waitingInA',
      states: {
        waitingInA: {
          always: [
            { guard: 'anyNotCleared', target: '#crossing.ending', actions: 'willEndByAnswers' },
            { guard: and(['threeDoor', 'exitClear']), target: 'movingToB' },
            { guard: and([not('threeDoor'), 'bothClear', 'standsBeforeLast']), target: '#crossing.committing' },
          ],
        },
        movingToB: {
          entry: effect({ type: 'openDoor', door: 2, direction: 'forward' }),
          exit: effect({ type: 'shutDoor', door: 2 }),
          always: { guard: 'anyNotCleared', target: '#crossing.ending', actions: 'willEndByAnswers' },
          after: { moveTimeout: abandoned('didNotMoveOn') },
          on: {
            passage: [
              {
                guard: { type: 'oneThrough', params: 2 },
                target: 'waitingInB',
                actions: { type: 'standAt', params: 'chamberB' },
              },
              tailgated(2, 'chamberB'),
            ],
          },
        },
        waitingInB: {
          always: [
            { guard: 'anyNotCleared', target: '#crossing.ending', actions: 'willEndByAnswers' },
            { guard: and(['bothClear', 'standsBeforeLast']), target: '#crossing.committing' },
          ],
          on: { passage: [walkedOut, forcedOut, wentBackToA, anotherCame(2, 'chamberB'), anotherCame(1, 'chamberA')] },
        },
      },
    },
    committing: {
      entry: effect({ type: 'commit' }),
      // The commit may have become durable all the same: the lane voids a record that turns out to be committed.
      after: { commitTimeout: referred('storeFailed', 'port') },
      on: {
        committed: [
          { guard: 'standsBeforeLast', target: 'leaving' },
          // Nobody stands there any more, and the door was never released: nothing to settle.
          { target: 'ending', actions: { type: 'willVoid', params: 'walkedBack' } },
        ],
        commitRefused: referred('clearanceExpired', 'port'),
        passage: anotherCame(1, 'chamberA'),
      },
    },
    leaving: {
      entry: 'releaseLastDoor',
      exit: 'shutLastDoor',
      after: { passTimeout: voided('didNotPass') },
      on: {
        passage: [
          { guard: 'lastDoorPassed', target: 'ending', actions: ['standThrough', 'willPass'] },
          {
            guard: 'turnedBack',
            target: 'settling',
            actions: [
              assign(({ context, event }) => ({ place: placeAfter(context.topology, event.door, event.direction) })),
              { type: 'willVoid', params: 'walkedBack' },
            ],
          },
          // Somebody else came in behind: the release was for one person.
          { guard: { type: 'anotherThrough', params: 1 }, ...voided('tailgating') },
        ],
        clearanceExpired: voided('didNotPass'),
        doorFault: voided('doorFault'),
        laneControllerLost: voided('deviceFault'),
        emergencyReleased: voided('emergency'),
        storeFailed: voided('storeFailed'),
      },
    },
    settling: {
      entry: 'settlePassage',
      on: {
        passage: { guard: 'lastDoorPassed', target: 'ending', actions: ['standThrough', 'willPass'] },
        passageSettled: [
          { guard: 'settledPassed', target: 'ending', actions: ['standThrough', 'willPass'] },
          {
            guard: 'settledUncertain',
            target: 'ending',
            actions: { type: 'willRefer', params: { code: 'passageUncertain', owner: 'port' } },
          },
          { target: 'ending' },
        ],
        // Nothing but the door's counter decides here, however long the controller is away.
        doorFault: {},
        laneControllerLost: {},
        emergencyReleased: {},
        storeFailed: {},
      },
    },
    ending: {
      entry: ['endRecord'],
      after: { commitTimeout: { target: 'afterwards', actions: 'markUnwritten' } },
      on: {
        recordEnded: 'afterwards',
        storeFailed: { target: 'afterwards', actions: 'markUnwritten' },
        doorFault: {},
        laneControllerLost: {},
        emergencyReleased: {},
      },
    },
    afterwards: {
      on: { doorFault: {}, laneControllerLost: {}, emergencyReleased: {}, storeFailed: {} },
      initial: 'sorting',
      states: {
        sorting: {
          always: [
            { guard: 'outOfTheLane', target: '#crossing.done' },
            { guard: and(['inChamberA', 'goesBackAlone']), target: 'goingBack' },
            { target: 'held' },
          ],
        },
        goingBack: {
          entry: effect({ type: 'openDoor', door: 1, direction: 'backward' }),
          exit: effect({ type: 'shutDoor', door: 1 }),
          // The unit has shut the door by itself, or cannot open it: an officer sees who still stands there.
          after: { moveTimeout: 'held' },
          always: [
            { guard: 'outOfTheLane', target: '#crossing.done' },
            { guard: 'inChamberB', target: 'held' },
          ],
          on: {
            // The door has shut by itself meanwhile: an officer can have it opened again.
            officerActed: [{ guard: 'sentBack', target: 'goingBack', reenter: true }, { target: '#crossing.done' }],
          },
        },
        held: {
          always: { guard: 'outOfTheLane', target: '#crossing.done' },
          on: {
            officerActed: [
              { guard: and(['sentBack', 'inChamberA']), target: 'goingBack' },
              { guard: and(['sentBack', 'inChamberB']), target: 'goingBackFromB' },
              // The officer has taken the traveller along through the staff door.
              { target: '#crossing.done' },
            ],
          },
        },
        goingBackFromB: {
          entry: effect({ type: 'openDoor', door: 2, direction: 'backward' }),
          exit: effect({ type: 'shutDoor', door: 2 }),
          // The unit has shut the door by itself, or cannot open it: an officer sees who still stands there.
          after: { moveTimeout: 'held' },
          always: [
            { guard: 'inChamberA', target: 'goingBack' },
            { guard: 'outOfTheLane', target: '#crossing.done' },
          ],
          on: {
            officerActed: [
              { guard: 'sentBack', target: 'goingBackFromB', reenter: true },
              { target: '#crossing.done' },
            ],
          },
        },
      },
    },
    unrecorded: { type: 'final' },
    done: { type: 'final' },
  },
});
