import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ControlWord, Side } from '../../contract/crossing.ts';
import {
  ANSWER_LIFE_MS,
  answer,
  asked,
  type Controls,
  createControls,
  fakeClock,
  identified,
  opening,
  traveller,
  verified,
} from '../crossing.fixture.ts';
import type { JointRecordStore, OpenRecord, RecordEnding } from '../store.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { engineBench } from './engine.fixture.ts';

// Anything, in any order, by callers who do not know the rules: whatever the store accepts must verify.
// Four records over three travellers, so that documents collide; clocks go both ways.

const WHO = [traveller('a'), traveller('b'), traveller('c')] as const;
const ENDINGS: readonly RecordEnding[] = [
  { type: 'passed', passagesAfter: 2 },
  { type: 'refused', owner: 'entry' },
  { type: 'referred', owner: 'exit', code: 'noFace', checks: [] },
  { type: 'resolved', action: 'handedToManualLane', officer: 'o-1', reasonCode: 'r' },
  { type: 'abandoned', code: 'walkedBack' },
  { type: 'voided', code: 'walkedBack' },
];

type Step =
  | { readonly do: 'open' | 'identify' | 'verify' | 'ask' | 'commit' | 'release' | 'deliver'; readonly record: number }
  | {
      readonly do: 'answer';
      readonly record: number;
      readonly side: Side;
      readonly word: ControlWord;
      readonly forged: boolean;
    }
  | { readonly do: 'end'; readonly record: number; readonly ending: RecordEnding }
  | { readonly do: 'wait'; readonly ms: number };

const record = fc.nat({ max: 3 });
/** Mostly in the order of a crossing, so that the late states are reached at all. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('open', 'identify', 'verify', 'ask', 'commit', 'release', 'deliver'),
      record,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer'),
      record,
      side: fc.constantFrom('exit', 'entry'),
      word: fc.constantFrom('clear', 'clear', 'clear', 'refer', 'refuse'),
      forged: fc.nat({ max: 9 }).map((n) => n === 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end'), record, ending: fc.constantFrom(...ENDINGS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1_000, ANSWER_LIFE_MS, -5_000) }) },
);
const life = fc.array(
  fc.oneof({ weight: 3, arbitrary: step.map((one) => [one]) }, { weight: 2, arbitrary: crossing() }),
  {
    minLength: 10,
    maxLength: 20,
  },
);

/** A crossing as it should be, up to some step, whatever the entry control says, then an end that may not fit. */
function crossing(): fc.Arbitrary<Step[]> {
  return fc
    .record({
      record,
      steps: fc.integer({ min: 4, max: 8 }),
      word: fc.constantFrom('clear' as const, 'clear' as const, 'refuse' as const),
      ending: fc.option(fc.constantFrom(...ENDINGS)),
    })
    .map(({ record: one, steps, word, ending }) => wayOf(one, steps, word, ending === null ? [] : [ending]));
}

function wayOf(one: number, steps: number, word: ControlWord, endings: readonly RecordEnding[]): Step[] {
  const way: Step[] = [
    ...(['open', 'identify', 'verify', 'ask'] as const).map((verb) => ({ do: verb, record: one })),
    { do: 'answer', record: one, side: 'exit', word: 'clear', forged: false },
    { do: 'answer', record: one, side: 'entry', word, forged: false },
    { do: 'commit', record: one },
    { do: 'release', record: one },
  ];
  return [...way.slice(0, steps), ...endings.map((ending) => ({ do: 'end' as const, record: one, ending }))];
}

const ending = (type: RecordEnding['type']): RecordEnding => ENDINGS.find((each) => each.type === type)!;
/** Lives that reach each state for certain; what chance adds is everything beside them. */
const STRAIGHT_LIVES: [Step[][]][] = [
  [[wayOf(0, 8, 'clear', [ending('passed')]), wayOf(1, 7, 'clear', [ending('voided')]), wayOf(2, 6, 'clear', [])]],
  [[wayOf(0, 7, 'clear', []), wayOf(1, 6, 'refuse', [ending('refused')]), wayOf(2, 4, 'clear', [ending('abandoned')])]],
  [[wayOf(0, 4, 'clear', [ending('referred'), ending('resolved')])]],
];

test('whatever a store accepts verifies, and every state was reached', async () => {
  const controls = createControls();
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(life, async (parts) => {
      const clock = fakeClock();
      const bench = engineBench(controls, clock);
      try {
        const records = [0, 1, 2, 3].map((n) => opening(WHO[n % 3]!));
        for (const one of parts.flat()) await perform(one, bench.store, records, controls, clock);
        for (const { recordId } of records) {
          const found = await bench.store.read(recordId);
          if (found.ok) reached.add(found.value.state);
        }
        expect(verifyRecordFile(bench.path, { keys: null, receipts: [] }).findings).toEqual([]);
      } finally {
        bench.dispose();
      }
    }),
    { numRuns: 30 + STRAIGHT_LIVES.length, examples: STRAIGHT_LIVES },
  );
  for (const state of ['committed', 'passed', 'voided', 'resolved', 'refused', 'prepared', 'abandoned']) {
    expect([...reached], 'the walk is too timid to prove anything').toContain(state);
  }
});

async function perform(
  one: Step,
  store: JointRecordStore,
  records: readonly OpenRecord[],
  controls: Controls,
  clock: ReturnType<typeof fakeClock>,
): Promise<void> {
  if (one.do === 'wait') return clock.advance(one.ms);
  const opened = records[one.record]!;
  const who = WHO[one.record % 3]!;
  const { recordId } = opened;
  switch (one.do) {
    case 'open':
      await store.open(opened);
      return;
    case 'identify':
      await store.append(recordId, identified(who));
      return;
    case 'verify':
      await store.append(recordId, verified);
      return;
    case 'ask':
      await store.append(recordId, asked(who, opened, clock.now()));
      return;
    case 'commit':
      await store.commit(recordId);
      return;
    case 'release':
      await store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 1 });
      return;
    case 'deliver': {
      const notices = await store.outbox('exit', 1);
      if (notices.ok && notices.value[0] !== undefined) await store.noticeDelivered(notices.value[0].id);
      return;
    }
    case 'answer': {
      const found = await store.read(recordId);
      const evidenceDigest = (found.ok ? found.value.evidenceDigest : null) ?? '0'.repeat(64);
      const key = one.forged ? controls[one.side === 'exit' ? 'entry' : 'exit'] : controls[one.side];
      const signed = answer(key, clock.now(), { side: one.side, recordId, evidenceDigest, word: one.word });
      await store.append(recordId, { type: 'answered', answer: signed });
      return;
    }
    case 'end':
      await store.end(recordId, one.ending);
      return;
  }
}
