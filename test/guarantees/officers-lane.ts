import { join } from 'node:path';
import type { Authority, Direction, Side } from '../../app/contract/crossing.ts';
import { unwrap } from '../../app/contract/result.ts';
import type { SupervisorView, Viewer } from '../../app/contract/supervisor-view.ts';
import { openReasonReader } from '../../app/controls/reason.ts';
import { loadSealingKey } from '../../app/crypto/sealing.ts';
import { Closure } from '../../app/lane/closure.ts';
import type { CrossingRun } from '../../app/lane/crossing-run.ts';
import { Diary } from '../../app/lane/diary.ts';
import type { LaneParts, LaneState } from '../../app/lane/lane-parts.ts';
import { OfficerActions } from '../../app/lane/officer-actions.ts';
import { ReferralList } from '../../app/lane/referral-list.ts';
import { ReferralMaterials } from '../../app/lane/referral-material.ts';
import { Service } from '../../app/lane/service.ts';
import { supervisorView } from '../../app/lane/views.ts';
import { askControls, type MiniLane, numberOf, openMiniLane } from './mini-lane.ts';

/**
 * Whom each authority watches for: mainland China for a document, Macao for a name. Either of the two words tells whose reason
 * it is, on whatever side of a lane its control stands.
 */
export const REASON_OF: Readonly<Record<string, string>> = { CHN: 'watchlistDocument', MAC: 'watchlistName' };

const VIEWERS: readonly Viewer[] = ['exitOfficer', 'entryOfficer', 'portSupervisor'];

export interface OfficersLane {
  readonly mini: MiniLane;
  readonly direction: Direction;
  readonly officers: OfficerActions;
  /** A referral that belongs to each authority. Both controls have said something about both travellers. */
  readonly referralOf: Readonly<Record<Authority, string>>;
  /** Records of those who were released so far. */
  readonly released: string[];
  /** Each viewer's view as it is now. */
  views(): readonly SupervisorView[];
  /** This record's traveller stands in chamber A. */
  stand(recordId: string): void;
  /** Calls with every viewer's view, now and whenever something has changed. */
  follow(show: (view: SupervisorView) => void): void;
  dispose(): Promise<void>;
}

/** A lane between two officers' desks: real record, controls, reasons, referrals and deeds; nobody walks and nothing turns. */
export async function openOfficersLane(laneId: string, direction: Direction): Promise<OfficersLane> {
  const mini = await openMiniLane({ laneId, direction });
  const { store, path } = mini.record;
  const sideOf = (authority: Authority): Side => (direction.from === authority ? 'exit' : 'entry');
  const watch = {
    CHN: { kind: 'document', id: 'w-chn', issuingState: 'CHN', number: numberOf(0), word: 'refer' },
    MAC: { kind: 'name', id: 'w-mac', name: 'SPECIMEN<<WAN<NGAI', birthYear: null },
  };
  for (const [authority, entry] of Object.entries(watch)) {
    const { control } = mini.sides[sideOf(authority)];
    unwrap(control.seed({ schema: 'jointgate-entitlements/1', holders: [], watchlist: [entry] }));
  }
  const clock = {
    nowMs: () => mini.clock.nowMs(),
    monotonicMs: () => mini.clock.nowMs(),
    after: (delayMs: number, action: () => void) => mini.clock.after(delayMs, action),
  };
  let show: (view: SupervisorView) => void = () => undefined;
  let sequence = 0;
  const tell = (): void => {
    sequence += 1;
    for (const view of views()) show(view);
  };
  const diary = new Diary(store, clock, tell, () => undefined);
  const keys = { exit: loadSealingKey(mini.sides.exit.sealingPem), entry: loadSealingKey(mini.sides.entry.sealingPem) };
  const materials = new ReferralMaterials({ store, keys, onChange: tell });
  const state: LaneState = {
    service: new Service(tell),
    referrals: new ReferralList(store, laneId, materials),
    run: null,
    doors: [],
    figures: null,
    camera: 'off',
  };
  const parts = {
    services: { laneId, direction, store, diary, clock, doors: { setMode: async () => ({ ok: true }) } },
    readers: {
      exit: openReasonReader('exit', mini.sides.exit.sealingPem),
      entry: openReasonReader('entry', mini.sides.entry.sealingPem),
    },
    materials,
    closure: Closure.open(join(path, '..', 'closed-by-officer.json')),
    allowLaneOnly: null,
  } as unknown as LaneParts;
  const released: string[] = [];
  const officers = new OfficerActions(parts, state, {
    onActed: async () => {
      await state.referrals.refresh(state.run);
      tell();
    },
    onStoreFailed: () => undefined,
    goOn: (run) => {
      released.push(run.recordId);
      state.run = null;
      return true;
    },
  });
  const views = (): SupervisorView[] =>
    VIEWERS.map((viewer) =>
      supervisorView({
        laneId,
        viewer,
        direction,
        topology: 'threeDoor',
        sequence,
        step: 'attract',
        stationsReached: 0,
        hint: null,
        documentAdvice: null,
        warnSecondsLeft: null,
        since: new Date(clock.nowMs()).toISOString(),
        service: state.service,
        run: state.run,
        referrals: state.referrals.list(state.run),
        readers: parts.readers,
        doors: [],
        devices: [],
        diary,
        figures: null,
        laneOnlyKnown: false,
        reversible: true,
      }),
    );
  const referralOf: Record<Authority, string> = {};
  for (const [holder, authority] of ['CHN', 'MAC'].entries()) {
    const owner = sideOf(authority);
    const { recordId } = await askControls(mini, { holder });
    unwrap(await store.end(recordId, { type: 'referred', owner, code: `${owner}ControlReferred`, checks: [] }));
    diary.recorded('crossingReferred', { recordId, owner, detail: `${owner}ControlReferred` });
    referralOf[authority] = recordId;
  }
  await state.referrals.refresh(null);
  state.service.set('starting', false);
  return {
    mini,
    direction,
    officers,
    referralOf,
    released,
    views,
    stand: (recordId) => {
      state.run = standingRun(recordId);
    },
    follow: (listener) => {
      show = listener;
      tell();
    },
    dispose: () => mini.dispose(),
  };
}

/** What the desk asks of a crossing whose traveller waits in chamber A. */
function standingRun(recordId: string): CrossingRun {
  const context = { place: 'chamberA', ending: null, answers: { exit: null, entry: null } };
  return {
    recordId,
    standing: 'chamberA',
    grants: {},
    answers: { exit: null, entry: null },
    snapshot: { matches: () => false, context },
  } as unknown as CrossingRun;
}
