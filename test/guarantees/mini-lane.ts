import { randomUUID } from 'node:crypto';
import { type Direction, SIDES, type Side } from '../../app/contract/crossing.ts';
import type { Result } from '../../app/contract/result.ts';
import { unwrap } from '../../app/contract/result.ts';
import { evidenceDigest } from '../../app/controls/answer-signing.ts';
import { askBoth, type SideAnswer } from '../../app/controls/ask.ts';
import type { Control, ControlKey } from '../../app/controls/control.ts';
import { startNoticeDispatcher } from '../../app/controls/notices/notice-dispatcher.ts';
import {
  type ControlBench,
  FakeClock,
  fieldRules,
  openBench,
  specimenRequest,
  specimenSeed,
} from '../../app/controls/test-kit.ts';
import { profileDigest, traveller } from '../../app/record/crossing.fixture.ts';
import { type SqliteBench, sqliteBench } from '../../app/record/sqlite/sqlite.fixture.ts';
import type { JointRecordStore, RecordSnapshot, StoreError } from '../../app/record/store.ts';
import type { LaneData } from './both-sides.ts';

/** Everything of a lane that decides and records, and nothing that turns: real store, real controls, real signatures. */
export interface MiniLane {
  readonly clock: FakeClock;
  readonly laneId: string;
  readonly direction: Direction;
  readonly record: SqliteBench;
  readonly sides: Readonly<Record<Side, ControlBench>>;
  readonly keys: Readonly<Record<Side, readonly ControlKey[]>>;
  readonly data: LaneData;
  /** Both controls are told everything that waits for them. */
  tellAll(through?: (side: Side, control: Control) => Control): Promise<void>;
  dispose(): Promise<void>;
}

const HOLDERS = 40;
export const numberOf = (holder: number): string => `C${String(10_000_000 + holder)}`;

type Changes = NonNullable<Parameters<typeof sqliteBench>[0]> & {
  readonly laneId?: string;
  readonly direction?: Direction;
};

export async function openMiniLane({
  laneId = 'L1',
  direction = { from: 'CHN', to: 'MAC' },
  ...changes
}: Changes = {}): Promise<MiniLane> {
  const clock = new FakeClock();
  // Each side's control is that of the authority the lane leads out of, or into.
  const rules = (side: Side, authority: string) => ({ ...fieldRules(side), authority });
  const sides = {
    exit: await openBench('exit', { clock, rules: rules('exit', direction.from) }),
    entry: await openBench('entry', { clock, rules: rules('entry', direction.to) }),
  };
  const keyOf = ({ options }: ControlBench): readonly ControlKey[] => [
    { keyId: options.signingKey.keyId, raw: options.signingKey.publicKeyRaw },
  ];
  const keys = { exit: keyOf(sides.exit), entry: keyOf(sides.entry) };
  for (const side of SIDES) {
    const [holder] = specimenSeed().holders;
    const holders = Array.from({ length: HOLDERS }, (_, index) => ({
      ...holder,
      id: `holder-${index}`,
      documents: [{ kind: 'exitEntryPermit', issuingState: 'CHN', number: numberOf(index) }],
      endorsements: [{ id: 'e1', entries: 5, stayDays: 7, validFrom: '2026-01-01', validUntil: '2026-12-31' }],
    }));
    unwrap(sides[side].control.seed({ ...specimenSeed(), holders }));
  }
  const record = await sqliteBench({
    clock: () => new Date(clock.nowMs()),
    controlKeys: keys,
    ...changes,
  });
  const control = (side: Side): string => `${sides[side].dataDir}/control-${side}.sqlite`;
  return {
    clock,
    laneId,
    direction,
    record,
    sides,
    keys,
    data: { record: record.path, controls: { exit: control('exit'), entry: control('entry') } },
    tellAll: async (through = (_side, control) => control) => {
      for (const side of SIDES) await deliver(record.store, through(side, sides[side].control));
    },
    dispose: async () => {
      await record.dispose();
      await sides.exit.dispose();
      await sides.entry.dispose();
    },
  };
}

/** Back-off a hundred times shorter: what is asked is who is told, not how politely. */
const HASTY = {
  nowMs: () => Date.now(),
  after: (delayMs: number, action: () => void) => realAfter(delayMs / 100, action),
};

/** Until the side's outbox is empty, over a way that may lose and repeat. */
async function deliver(store: JointRecordStore, control: Control): Promise<void> {
  const dispatcher = startNoticeDispatcher({
    control,
    outbox: store,
    random: () => 0,
    timeoutMs: 500_000,
    idleMs: 500,
    clock: HASTY,
  });
  const untilMs = performance.now() + 40_000;
  while (unwrap(await store.outbox(control.side, 1)).length > 0) {
    if (performance.now() > untilMs) throw new Error('notices are not delivered');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await dispatcher.stop();
}

export interface Asked {
  readonly recordId: string;
  readonly answers: Readonly<Record<Side, SideAnswer>>;
  /** The record after both answers were stored, as far as there were any. */
  readonly stored: RecordSnapshot;
}

export interface AskOptions {
  readonly holder?: number;
  readonly through?: (side: Side, control: Control) => Control;
  readonly store?: JointRecordStore;
  readonly deadlineMs?: number;
  /** What of each answer is written to the record; a lying lane writes what no check has let through. */
  readonly unchecked?: Partial<Record<Side, unknown>>;
}

/** One traveller up to both answers, as `crossing-run.ts` does it: asked at the same moment, checked, stored. */
export async function askControls(lane: MiniLane, options: AskOptions = {}): Promise<Asked> {
  const { holder = 0, through = (_side, control) => control, store = lane.record.store, deadlineMs = 3_000 } = options;
  const { clock, sides, keys, laneId, direction } = lane;
  const recordId = randomUUID();
  const who = { ...traveller(`holder ${holder}`), profile: profileDigest(`holder ${holder}`) };
  const documents = { exit: who.exitDocument, entry: who.entryDocument };
  const atMs = clock.nowMs();
  const document = { number: numberOf(holder) };
  const request = (side: Side) =>
    specimenRequest(side, { recordId, atMs, document, evidence: { documents, laneId, direction } });
  const { evidence } = request('exit');
  const opening = { recordId, laneId: evidence.laneId, direction: evidence.direction, checks: [] };
  unwrap(await store.open({ ...opening, documentDigests: Object.values(documents), profileDigest: who.profile }));
  unwrap(
    await store.append(recordId, { type: 'identified', profileDigest: who.profile, documentDigests: [], checks: [] }),
  );
  unwrap(await store.append(recordId, { type: 'verified', face: evidence.face, checks: evidence.checks }));
  let stored = unwrap(
    await store.append(recordId, { type: 'asked', evidence, evidenceDigest: evidenceDigest(evidence) }),
  );
  const controls = { exit: through('exit', sides.exit.control), entry: through('entry', sides.entry.control) };
  const answers = await askBoth(
    controls,
    { exit: request('exit'), entry: request('entry') },
    {
      deadlineMs,
      keys,
      // The deadline is the test's own time; what time of day it is, the fake clock says.
      clock: { nowMs: () => clock.nowMs(), after: realAfter },
    },
  );
  for (const side of SIDES) {
    const answer = options.unchecked?.[side] ?? (answers[side].ok ? answers[side].value : null);
    if (answer !== null) stored = unwrap(await store.append(recordId, { type: 'answered', answer: answer as never }));
  }
  return { recordId, answers, stored };
}

function realAfter(delayMs: number, action: () => void): () => void {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
}

/** What the last door asks for, in the order of `last-door.ts`. True when it may open. */
export async function releaseAsked(
  store: JointRecordStore,
  recordId: string,
): Promise<Result<RecordSnapshot, StoreError>> {
  return store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 41 });
}
