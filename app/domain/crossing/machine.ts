import { and, assign, not } from 'xstate';
import { crossing } from './machine-setup.ts';
import { answeredContext } from './rules.ts';
import {
  abandoned,
  anotherCame,
  badDocument,
  effect,
  forcedOut,
  moreTimeIn,
  notOpened,
  referred,
  strayEnds,
  strayNoted,
  tailgated,
  trouble,
  voided,
  walkedOut,
  wentBackToA,
} from './transitions.ts';

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
    place: input.resumesAt ?? 'outside',
    resumed: input.resumesAt !== undefined,
    joined: false,
    answers: { exit: 'waiting', entry: 'waiting' },
    ending: null,
    trouble: null,
    stations: input.resumesAt === undefined ? 0 : 2,
    extensions: 0,
    unwritten: false,
    unrecorded: true,
  }),
  output: ({ context: { ending, place, unwritten, unrecorded } }) => ({ ending, place, unwritten, unrecorded }),
  initial: 'opening',
  on: {
    // Sensors are believed in every state: where the traveller stands is never a guess.
    passage: { actions: 'followPassage' },
    storeFailed: referred('storeFailed', 'port'),
    doorFault: referred('doorFault', 'port'),
    laneControllerLost: referred('deviceFault', 'port'),
    emergencyReleased: abandoned('emergency'),
  },
  states: {
    opening: {
      entry: effect({ type: 'openRecord' }),
      // A record may or may not exist when the store did not answer: recovery has to look.
      after: { identifyTimeout: notOpened('storeFailed', true) },
      on: {
        passage: strayNoted,
        recordOpened: [
          { guard: 'troubled', target: 'ending', actions: ['markRecorded', 'willEndByTrouble'] },
          { target: 'identifying', actions: 'markRecorded' },
        ],
        // No record of this attempt exists; the live one it collides with stays what it is.
        recordRefused: notOpened('duplicateDocument', false),
        storeFailed: notOpened('storeFailed', true),
        // Wait for the store's word first: ending an unopened record is no end. Then it ends as it must.
        doorFault: trouble({ state: 'referred', owner: 'port', code: 'doorFault' }),
        laneControllerLost: trouble({ state: 'referred', owner: 'port', code: 'deviceFault' }),
        emergencyReleased: trouble({ state: 'abandoned', code: 'emergency' }),
      },
    },
    identifying: {
      entry: effect({ type: 'identify' }),
      after: { identifyTimeout: referred('storeFailed', 'port') },
      on: {
        passage: strayEnds,
        identified: [
          { guard: and(['resumed', 'stillInside']), target: 'asking' },
          { guard: 'resumed', ...abandoned('walkedBack') },
          { target: 'entering', actions: { type: 'reach', params: 1 } },
        ],
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
        moreTimeAsked: moreTimeIn('entering'),
      },
    },
    verifying: {
      entry: effect({ type: 'startCapture' }),
      exit: effect({ type: 'stopCapture' }),
      after: { faceTimeout: referred('faceTimeout', 'exit') },
      on: {
        faceMatched: { target: 'asking', actions: { type: 'reach', params: 2 } },
        moreTimeAsked: moreTimeIn('verifying'),
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
            context.answers[event.side] === 'waiting' ? answeredContext(context, event.side, event.word) : {},
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
            // Released there: the door behind them stays shut.
            { guard: and(['resumed', 'inChamberB']), target: 'waitingInB' },
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
            moreTimeAsked: moreTimeIn('movingToB'),
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
      entry: ['releaseLastDoor', { type: 'reach', params: 5 }],
      exit: 'shutLastDoor',
      initial: 'released',
      states: {
        released: {
          after: { passTimeout: voided('didNotPass') },
          // The door stays as it is; its unit's own time begins anew, under the same release.
          on: {
            moreTimeAsked: {
              guard: 'mayExtend',
              target: 'released',
              reenter: true,
              actions: ['countExtension', 'extendLastDoor'],
            },
          },
        },
      },
      on: {
        passage: [
          { guard: 'lastDoorPassed', target: 'ending', actions: ['standThrough', 'willPass'] },
          {
            guard: 'turnedBack',
            target: 'settling',
            actions: ['followPassage', { type: 'willVoid', params: 'walkedBack' }],
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
      on: {
        passage: { guard: 'cameIn', actions: ['followPassage', 'markJoined'] },
        doorFault: {},
        laneControllerLost: {},
        emergencyReleased: {},
        storeFailed: {},
      },
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
            officerActed: [
              { guard: 'releasedInVain' },
              { guard: 'sentBack', target: 'goingBack', reenter: true },
              { target: '#crossing.done' },
            ],
            // The way back is shut too: an officer comes.
            doorFault: 'held',
            laneControllerLost: 'held',
            moreTimeAsked: moreTimeIn('goingBack'),
          },
        },
        held: {
          always: { guard: 'outOfTheLane', target: '#crossing.done' },
          on: {
            officerActed: [
              { guard: 'releasedInVain' },
              { guard: and(['sentBack', 'inChamberA']), target: 'goingBack' },
              { guard: and(['sentBack', 'inChamberB']), target: 'goingBackFromB' },
              // The officer has taken the traveller along through the staff door, or released them into a new record.
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
              { guard: 'releasedInVain' },
              { guard: 'sentBack', target: 'goingBackFromB', reenter: true },
              { target: '#crossing.done' },
            ],
            doorFault: 'held',
            laneControllerLost: 'held',
            moreTimeAsked: moreTimeIn('goingBackFromB'),
          },
        },
      },
    },
    unrecorded: { type: 'final' },
    done: { type: 'final' },
  },
});
