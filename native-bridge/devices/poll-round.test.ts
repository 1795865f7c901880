import { expect, test } from 'vitest';
import { ManualTiming } from '../ports/manual-timing.ts';
import { PollRound } from './poll-round.ts';

/** Two doors, asked by hand: each poll goes on until `end` is called. */
function twoDoors() {
  const timing = new ManualTiming();
  const doors = [
    { number: 1, dueAt: 50 },
    { number: 2, dueAt: 20 },
  ];
  const polls: number[] = [];
  let end: () => void = () => undefined;
  const polled: number[] = [];
  const round = new PollRound(timing, doors, {
    poll: (dueFirst) => {
      polls.push(dueFirst().number);
      return new Promise((resolve) => {
        end = resolve;
      });
    },
    polled: () => polled.push(timing.now()),
  });
  return { timing, doors, polls, polled, round, end: () => end() };
}

test('whoever is due first is asked when they are due', async () => {
  const { timing, polls, round } = twoDoors();
  round.arm();
  await timing.advance(19);
  expect(polls).toEqual([]);
  await timing.advance(1);
  expect(polls).toEqual([2]);
});

test('one poll is under way, however often the round is armed; the next is armed when it has ended', async () => {
  const { timing, doors, polls, polled, round, end } = twoDoors();
  round.arm();
  await timing.advance(20);
  doors[1] = { number: 2, dueAt: 500 };
  round.arm();
  round.arm();
  await timing.advance(100);
  expect(polls).toEqual([2]);
  end();
  await timing.advance(0);
  expect(polled).toEqual([120]);
  round.arm();
  await timing.advance(0);
  expect(polls).toEqual([2, 1]);
});

test('something else takes the place of the next poll, and a stopped round asks nobody', async () => {
  const { timing, polls, round } = twoDoors();
  let done = 0;
  round.arm();
  round.later(30, () => {
    done += 1;
  });
  await timing.advance(100);
  expect([polls, done]).toEqual([[], 1]);
  round.arm();
  round.stop();
  await timing.advance(100);
  expect(polls).toEqual([]);
});
