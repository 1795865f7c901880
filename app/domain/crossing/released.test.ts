import { beforeAll, describe, expect, test } from 'vitest';
import type { CrossingFact } from './facts.ts';
import { explore, openings, type ResumesAt, replay, type Space, stepsWith, violations } from './paths.fixture.ts';
import { lastDoorOf } from './rules.ts';
import { shownStep } from './step.ts';

// A traveller whom officers have released goes on in a record of its own: the whole state space of such a crossing.

const STARTS = [
  ['twoDoor', 'chamberA'],
  ['threeDoor', 'chamberA'],
  ['threeDoor', 'chamberB'],
] as const;

describe.each(STARTS)('every way on in a %s lane from %s', (topology, resumesAt) => {
  let space: Space;
  beforeAll(() => {
    space = explore(topology, false, resumesAt);
    process.stderr.write(`${topology} from ${resumesAt}: ${space.walks.length} states, ${space.steps.length} steps\n`);
  }, 60_000);

  test('the last door is released after two clears and the commit only, to somebody who stands before it', () => {
    const released = stepsWith(space, 'releaseLastDoor');
    expect(released.length).toBeGreaterThan(0);
    const before = topology === 'threeDoor' ? 'chamberB' : 'chamberA';
    expect(
      violations(
        released,
        ({ from, to }) =>
          from.crossing.matches('committing') &&
          to.history.cleared.length === 2 &&
          to.history.committed &&
          to.history.releases === 1 &&
          to.crossing.context.place === before,
      ),
    ).toEqual([]);
    expect(violations(space.steps, ({ to }) => !openings(to, lastDoorOf(topology), 'forward'))).toEqual([]);
  });

  test('no first door is opened forward, no face is captured, and the controls are asked once the record is identified', () => {
    expect(violations(space.steps, ({ to }) => !openings(to, 1, 'forward'))).toEqual([]);
    expect(stepsWith(space, 'startCapture')).toEqual([]);
    const asked = stepsWith(space, 'askControls');
    expect(asked.length).toBeGreaterThan(0);
    expect(violations(asked, ({ to }) => to.told?.type === 'identified')).toEqual([]);
  });

  test('a record is ended at most once, and before the lane is done with it; without one the traveller is still looked after', () => {
    expect(violations(space.steps, ({ to }) => to.history.ends <= 1)).toEqual([]);
    const done = space.walks.filter(({ crossing }) => crossing.matches('done'));
    expect(done.every(({ crossing, history }) => history.ends === (crossing.context.unrecorded ? 0 : 1))).toBe(true);
    expect(space.walks.filter(({ crossing }) => crossing.matches('unrecorded'))).toEqual([]);
    expect(done.some(({ crossing }) => crossing.context.unrecorded)).toBe(true);
  });

  test('nobody else joins: whoever comes in while the record is being opened ends it', () => {
    const before = space.steps.filter(
      ({ from, to }) =>
        (from.crossing.matches('opening') || from.crossing.matches('identifying')) &&
        from.crossing.context.trouble === null &&
        to.told?.type === 'passage' &&
        to.told.direction === 'forward',
    );
    expect(before.length).toBeGreaterThan(0);
    expect(
      violations(before, ({ to: { crossing } }) => {
        const end = crossing.context.ending ?? crossing.context.trouble;
        return end?.state === 'referred' && end.owner === 'port';
      }),
    ).toEqual([]);
  });

  test('a release is taken only from a chamber that nobody has come into since the end', () => {
    const released = space.steps.filter(
      ({ from, to }) =>
        to.told?.type === 'officerActed' && to.told.action === 'released' && from.crossing.matches('afterwards'),
    );
    const went = released.filter(({ to }) => to.crossing.matches('done'));
    expect(went.length).toBeGreaterThan(0);
    expect(
      violations(went, ({ from: { crossing } }) => {
        const { joined, place } = crossing.context;
        return !joined && (place === 'chamberA' || place === 'chamberB');
      }),
    ).toEqual([]);
  });
});

const opened: CrossingFact[] = [{ type: 'recordOpened' }, { type: 'identified' }];
const clears: CrossingFact[] = (['exit', 'entry'] as const).map((side) => ({ type: 'answered', side, word: 'clear' }));
const doorsOf = (topology: 'twoDoor' | 'threeDoor', resumesAt: ResumesAt, facts: readonly CrossingFact[]) =>
  replay(topology, facts, resumesAt).flatMap(({ effects }) =>
    effects.flatMap((effect) =>
      effect.type === 'openDoor' || effect.type === 'releaseLastDoor' ? [`${effect.type} ${effect.door}`] : [],
    ),
  );

test('they go on through the doors that are before them, and through no other', () => {
  const rest: CrossingFact[] = [...clears, { type: 'committed' }];
  expect(doorsOf('twoDoor', 'chamberA', [...opened, ...rest])).toEqual(['releaseLastDoor 2']);
  expect(doorsOf('threeDoor', 'chamberB', [...opened, ...rest])).toEqual(['releaseLastDoor 3']);
  const walkOn: CrossingFact = { type: 'passage', door: 2, direction: 'forward', persons: 1 };
  expect(doorsOf('threeDoor', 'chamberA', [...opened, ...clears, walkOn, { type: 'committed' }])).toEqual([
    'openDoor 2',
    'releaseLastDoor 3',
  ]);
});

test('the other side still refuses by itself: they are held where they stand', () => {
  const walked = replay(
    'threeDoor',
    [
      ...opened,
      { type: 'answered', side: 'exit', word: 'clear' },
      { type: 'answered', side: 'entry', word: 'refuse' },
      { type: 'recordEnded' },
    ],
    'chamberB',
  );
  const crossing = walked.at(-1)?.crossing;
  expect(crossing?.value).toEqual({ afterwards: 'held' });
  expect(crossing?.context.ending).toEqual({ state: 'refused', owner: 'entry' });
});

test('a document that is in a live record elsewhere by now: an officer looks after who stands here', () => {
  const [walk] = replay('twoDoor', [{ type: 'recordRefused', code: 'duplicateDocument' }], 'chamberA');
  expect(walk?.crossing.value).toEqual({ afterwards: 'held' });
  expect(walk?.crossing.context).toMatchObject({ unrecorded: true, ending: { code: 'duplicateDocument' } });
});

test('who walked out before the new record was ready is let go, and its record ends', () => {
  const out: CrossingFact = { type: 'passage', door: 1, direction: 'backward', persons: 1 };
  const walked = replay('twoDoor', [out, ...opened], 'chamberA');
  expect(walked.at(-1)?.effects).toEqual([{ type: 'endRecord', ending: { state: 'abandoned', code: 'walkedBack' } }]);
});

test('they are told to wait, with the stations they have reached', () => {
  const [walk] = replay('threeDoor', [{ type: 'recordOpened' }], 'chamberB');
  expect(walk && shownStep(walk.crossing)).toEqual({ step: 'pleaseWait', stationsReached: 2 });
});
