import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import type { Topology } from '../../contract/crossing.ts';
import { DEFAULT_CROSSING_DELAYS } from './delays.ts';
import type { CrossingEffect } from './effects.ts';
import type { CrossingFact } from './facts.ts';
import { crossingMachine } from './machine.ts';
import { lastDoorOf } from './rules.ts';
import { shownStep } from './step.ts';

function start(topology: Topology) {
  const clock = new SimulatedClock();
  const actor = createActor(crossingMachine, { input: { topology, delays: DEFAULT_CROSSING_DELAYS }, clock });
  const effects: CrossingEffect[] = [];
  actor.on('*', (effect) => effects.push(effect));
  actor.start();
  return {
    actor,
    clock,
    effects,
    tell: (...facts: CrossingFact[]) => {
      for (const fact of facts) {
        if (actor.getSnapshot().status === 'active') actor.send(fact);
      }
    },
    step: () => shownStep(actor.getSnapshot()).step,
    doors: () =>
      effects.flatMap((effect) =>
        effect.type === 'openDoor' || effect.type === 'releaseLastDoor'
          ? [`${effect.type === 'openDoor' ? effect.direction : 'last'} ${effect.door}`]
          : [],
      ),
    ending: () => effects.flatMap((effect) => (effect.type === 'endRecord' ? [effect.ending] : [])),
  };
}

const through = (door: number, persons = 1): CrossingFact => ({ type: 'passage', door, direction: 'forward', persons });
const back = (door: number): CrossingFact => ({ type: 'passage', door, direction: 'backward', persons: 1 });
const exitSays = (word: 'clear' | 'refer' | 'refuse'): CrossingFact => ({ type: 'answered', side: 'exit', word });
const entrySays = (word: 'clear' | 'refer' | 'refuse'): CrossingFact => ({ type: 'answered', side: 'entry', word });
const inside: CrossingFact[] = [{ type: 'recordOpened' }, { type: 'identified' }, through(1), { type: 'faceMatched' }];

describe('three doors', () => {
  test('a cleared traveller passes door after door, the last one only after the commit', () => {
    const lane = start('threeDoor');
    lane.tell(...inside, exitSays('clear'));
    expect(lane.doors()).toEqual(['forward 1', 'forward 2']);
    lane.tell(through(2), entrySays('clear'));
    expect(lane.doors()).toEqual(['forward 1', 'forward 2']);
    expect(lane.effects.at(-1)).toEqual({ type: 'commit' });
    lane.tell({ type: 'committed' });
    expect(lane.doors()).toEqual(['forward 1', 'forward 2', 'last 3']);
    expect(lane.step()).toBe('goThrough');
    lane.tell(through(3));
    expect(lane.ending()).toEqual([{ state: 'passed' }]);
    lane.tell({ type: 'recordEnded' });
    expect(lane.actor.getSnapshot().output).toMatchObject({ place: 'through', unwritten: false });
  });

  test('an exit refusal never opens door 2; the traveller walks back out of door 1', () => {
    const lane = start('threeDoor');
    lane.tell(...inside, exitSays('refuse'), { type: 'recordEnded' });
    expect(lane.ending()).toEqual([{ state: 'refused', owner: 'exit' }]);
    expect(lane.doors()).toEqual(['forward 1', 'backward 1']);
    lane.tell(back(1));
    expect(lane.actor.getSnapshot().status).toBe('done');
  });

  test('an entry refusal after the exit clear holds the traveller in chamber B until an officer acts', () => {
    const lane = start('threeDoor');
    lane.tell(...inside, exitSays('clear'), through(2), entrySays('refuse'), { type: 'recordEnded' });
    expect(lane.ending()).toEqual([{ state: 'refused', owner: 'entry' }]);
    expect(lane.doors()).toEqual(['forward 1', 'forward 2']);
    expect(lane.step()).toBe('seeOfficer');
    lane.tell({ type: 'officerActed', action: 'sentBack' }, back(2), back(1));
    expect(lane.doors()).toEqual(['forward 1', 'forward 2', 'backward 2', 'backward 1']);
    expect(lane.actor.getSnapshot().status).toBe('done');
  });

  test('a traveller already on the way to chamber B when the entry side refuses is found where they stand', () => {
    const lane = start('threeDoor');
    lane.tell(...inside, exitSays('clear'), entrySays('refuse'), through(2), { type: 'recordEnded' });
    expect(lane.actor.getSnapshot().context.place).toBe('chamberB');
    expect(lane.doors()).toEqual(['forward 1', 'forward 2']);
  });
});

test('two doors: the last door waits for both controls', () => {
  const lane = start('twoDoor');
  lane.tell(...inside, exitSays('clear'));
  expect(lane.doors()).toEqual(['forward 1']);
  lane.tell(entrySays('clear'), { type: 'committed' });
  expect(lane.doors()).toEqual(['forward 1', 'last 2']);
});

test('a second answer of a side cannot change the first', () => {
  const lane = start('twoDoor');
  lane.tell(
    ...inside,
    exitSays('clear'),
    { type: 'notAnswered', side: 'exit', problem: 'invalid' },
    entrySays('clear'),
  );
  expect(lane.effects.at(-1)).toEqual({ type: 'commit' });
});

test('silence of a control is a referral of that side, never a clear', () => {
  const lane = start('twoDoor');
  lane.tell(...inside, exitSays('clear'));
  lane.clock.increment(DEFAULT_CROSSING_DELAYS.answerTimeout);
  expect(lane.ending()).toEqual([{ state: 'referred', owner: 'entry', code: 'controlUnreachable' }]);
});

test('two people through door 1 on one release are a referral of the port', () => {
  const lane = start('threeDoor');
  lane.tell({ type: 'recordOpened' }, { type: 'identified' }, through(1, 2));
  expect(lane.ending()).toEqual([{ state: 'referred', owner: 'port', code: 'tailgating' }]);
});

describe('the last door was released', () => {
  const released = (): ReturnType<typeof start> => {
    const lane = start('twoDoor');
    lane.tell(...inside, exitSays('clear'), entrySays('clear'), { type: 'committed' });
    return lane;
  };

  test('nobody passed in time: the door is shut, its counter settles it, then both sides are voided', () => {
    const lane = released();
    lane.clock.increment(DEFAULT_CROSSING_DELAYS.passTimeout);
    expect(lane.ending()).toEqual([]);
    expect(lane.effects.at(-1)).toEqual({ type: 'settlePassage', door: 2 });
    lane.tell({ type: 'passageSettled', verdict: 'notPassed' });
    expect(lane.ending()).toEqual([{ state: 'voided', code: 'didNotPass' }]);
  });

  test('the controller was unplugged while the door was open, and the counter says somebody passed', () => {
    const lane = released();
    lane.tell({ type: 'laneControllerLost' }, { type: 'storeFailed' }, { type: 'passageSettled', verdict: 'passed' });
    expect(lane.ending()).toEqual([{ state: 'passed' }]);
  });

  test('an end that cannot be written is left for recovery', () => {
    const lane = released();
    lane.tell(through(2), { type: 'storeFailed' });
    expect(lane.actor.getSnapshot().output).toMatchObject({ ending: { state: 'passed' }, unwritten: true });
  });
});

test('whatever happens in whatever order, the last door is released only after two clears and a commit, and a record ends once', () => {
  const fact: fc.Arbitrary<CrossingFact | { type: 'wait'; ms: number }> = fc.oneof(
    fc.constantFrom<CrossingFact>(
      ...inside,
      { type: 'committed' },
      { type: 'commitRefused' },
      { type: 'recordEnded' },
      { type: 'storeFailed' },
      { type: 'clearanceExpired' },
    ),
    fc.constantFrom<CrossingFact>(
      { type: 'laneControllerLost' },
      { type: 'emergencyReleased' },
      { type: 'moreTimeAsked' },
      { type: 'doorFault', door: 1 },
    ),
    fc.record({
      type: fc.constant('passage' as const),
      door: fc.integer({ min: 1, max: 3 }),
      direction: fc.constantFrom('forward' as const, 'backward' as const),
      persons: fc.integer({ min: 1, max: 2 }),
    }),
    fc.record({
      type: fc.constant('answered' as const),
      side: fc.constantFrom('exit' as const, 'entry' as const),
      word: fc.constantFrom('clear' as const, 'clear' as const, 'refer' as const, 'refuse' as const),
    }),
    fc.record({
      type: fc.constant('notAnswered' as const),
      side: fc.constantFrom('exit' as const, 'entry' as const),
      problem: fc.constantFrom('noAnswer' as const, 'invalid' as const),
    }),
    fc.record({
      type: fc.constant('passageSettled' as const),
      verdict: fc.constantFrom('passed' as const, 'notPassed' as const, 'uncertain' as const),
    }),
    fc.record({
      type: fc.constant('officerActed' as const),
      action: fc.constantFrom('sentBack' as const, 'handedToManualLane' as const),
    }),
    fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 6_000, 25_000) }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom<Topology>('threeDoor', 'twoDoor'),
      fc.array(fact, { maxLength: 40 }),
      fc.boolean(),
      (topology, facts, goodStart) => {
        const lane = start(topology);
        const told: string[] = [];
        if (goodStart) lane.tell(...inside);
        for (const next of facts) {
          if (next.type === 'wait') {
            lane.clock.increment(next.ms);
            continue;
          }
          told.push(next.type === 'answered' ? `${next.side} ${next.word}` : next.type);
          lane.tell(next);
        }
        const released = lane.effects.findIndex((effect) => effect.type === 'releaseLastDoor');
        if (released >= 0) {
          expect(told).toEqual(expect.arrayContaining(['exit clear', 'entry clear', 'committed']));
          expect(lane.effects.findIndex((effect) => effect.type === 'commit')).toBeLessThan(released);
        }
        expect(lane.effects.filter((effect) => effect.type === 'releaseLastDoor').length).toBeLessThanOrEqual(1);
        expect(lane.doors()).not.toContain(`forward ${lastDoorOf(topology)}`);
        expect(lane.ending().length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 2_000 },
  );
});
