import type { Owner } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ConsoleError, consoleError } from '../contract/supervisor-console.ts';
import type { SupervisorAction, Viewer } from '../contract/supervisor-view.ts';
import type { RecordSnapshot } from '../record/store.ts';
import type { ActingOfficer } from './acting-officer.ts';
import type { LaneParts, LaneState } from './lane-parts.ts';
import { mayAct, sideOf } from './officer-desk.ts';
import { OfficerRelease, type ReleaseListener } from './officer-release.ts';
import type { ReferralMaterial, ReferralMaterials } from './referral-material.ts';
import { reverseLane } from './reverse-lane.ts';

export interface OfficerActionsListener extends ReleaseListener {
  /** Referrals or alarms are others now. */
  onActed(): Promise<void>;
}

/** An order from within this process: the demonstration and tests, which have no console. Never comes over a wire. */
export interface OfficerOrder {
  readonly type: 'supervisor';
  readonly viewer: Viewer;
  readonly officer: string;
  readonly action: SupervisorAction;
}

type Done = Result<void, ConsoleError>;
const refused = (code: ConsoleError['code'], by: string | null = null): Done => err({ ...consoleError(code), by });
type Wish<T extends SupervisorAction['type']> = Extract<SupervisorAction, { type: T }>;

const RESOLVED_KEPT = 200;
/** What somebody asked for that is not theirs to do is audited. */
const NOT_THEIRS: readonly ConsoleError['code'][] = ['notYours', 'notAllowed', 'notOfThisLane'];

/** What officers may do at a lane, each act checked for its side and audited with the officer's number. */
export class OfficerActions {
  readonly #parts: LaneParts;
  readonly #state: LaneState;
  readonly #listener: OfficerActionsListener;
  /** Who resolved what, the newest last: whoever comes second is told. */
  readonly #resolved = new Map<string, { readonly officer: string; readonly viewer: Viewer }>();

  readonly #release: OfficerRelease;
  #orderedEmergency = false;

  constructor(parts: LaneParts, state: LaneState, listener: OfficerActionsListener) {
    this.#parts = parts;
    this.#state = state;
    this.#listener = listener;
    this.#release = new OfficerRelease(parts, state, listener);
  }

  async act(by: ActingOfficer, action: SupervisorAction): Promise<Done> {
    // Whoever is of neither authority acts for nobody, least of all for the port. A trapped person is everybody's (G8).
    const idle = by.onlooker === true && action.type !== 'emergencyRelease';
    const done = idle ? refused('notOfThisLane') : await this.#do(by, action);
    // A release has journal lines of its own.
    const told = action.type === 'releaseReferral' && !idle;
    if (!done.ok && !told && NOT_THEIRS.includes(done.error.code))
      await this.#parts.services.diary.note('officerActionRefused', {
        facts: { officer: by.officer, action: action.type, code: done.error.code },
      });
    return done;
  }

  /** Portrait, live image and notes, for the owning side only. */
  async material(by: ActingOfficer, recordId: string): Promise<Result<ReferralMaterial, ConsoleError>> {
    const side = sideOf(by.viewer);
    const materials = this.#materials;
    if (side === null || materials === null || this.#ownerOf(recordId) !== side) return err(consoleError('notYours'));
    const read = await materials.read(recordId, side);
    return read.ok ? read : err(consoleError(read.error.code === 'notOurs' ? 'notYours' : 'storeFailed'));
  }

  #do(by: ActingOfficer, action: SupervisorAction): Promise<Done> {
    switch (action.type) {
      case 'acknowledgeAlarm':
        return this.#acknowledge(by, action.alarmId);
      case 'setService':
        return this.#setService(by, action.inService);
      case 'allowLaneOnly':
        return this.#allowLaneOnly(by);
      case 'resolveReferral':
        return this.#resolve(by, action);
      case 'releaseReferral':
        return this.#releaseReferral(by, action);
      case 'keepReferral':
        return this.#keep(by, action);
      case 'addNote':
        return this.#addNote(by, action);
      case 'blockDoors':
        return this.#blockDoors(by, action.blocked);
      case 'emergencyRelease':
        return this.#emergencyRelease(by);
      case 'reverseLane':
        return reverseLane(by, this.#parts, this.#state);
    }
  }

  async #setService({ officer, viewer }: ActingOfficer, inService: boolean): Promise<Done> {
    const { closure, services } = this.#parts;
    const by = sideOf(viewer) ?? 'port';
    // Kept over a restart; only whoever closed the lane, or the port, opens it again.
    const changed = inService
      ? closure.reopen(by)
      : closure.close({ by, officer, at: new Date(services.clock.nowMs()).toISOString() });
    if (!changed.ok) return refused(changed.error.code);
    this.#state.service.set('closedByOfficer', !inService);
    // Whoever opens the lane has seen that it is empty.
    if (inService) this.#state.service.set('laneToBeChecked', false);
    await this.#parts.services.diary.note('serviceChanged', { facts: { officer, inService } });
    return ok();
  }

  /** Blocking closes the lane too; a crossing under way meets doors that refuse, and ends with an officer. */
  async #blockDoors({ officer, viewer }: ActingOfficer, blocked: boolean): Promise<Done> {
    const { closure, services } = this.#parts;
    const { service } = this.#state;
    const by = sideOf(viewer) ?? 'port';
    const owner = closure.closedBy?.by ?? by;
    if (!blocked && by !== 'port' && owner !== by) return refused('notYours');
    // Somebody is getting out: only what was ordered here may be taken back here.
    if (service.has('emergency') && !this.#orderedEmergency) return refused('notPossibleNow');
    const closed = closure.close({ by, officer, at: new Date(services.clock.nowMs()).toISOString() });
    if (!closed.ok) return refused(closed.error.code);
    service.set('closedByOfficer', true);
    const set = await services.doors.setMode(blocked ? 'blocked' : 'normal');
    await services.diary.note('laneBlocked', { facts: { officer, blocked, done: set.ok } });
    if (!set.ok) return refused('notPossibleNow');
    this.#orderedEmergency = false;
    service.set('blockedByOfficer', blocked);
    return ok();
  }

  /** G8: the only way a door opens without clearance. The hardware's own button needs none of this. */
  async #emergencyRelease({ officer }: ActingOfficer): Promise<Done> {
    const { doors, diary } = this.#parts.services;
    this.#orderedEmergency = true;
    const set = await doors.setMode('emergency');
    await diary.note('emergencyReleaseOrdered', { facts: { officer, done: set.ok } });
    return set.ok ? ok() : refused('notPossibleNow');
  }

  async #allowLaneOnly({ officer }: ActingOfficer): Promise<Done> {
    const allowed = (await this.#parts.allowLaneOnly?.(officer)) ?? false;
    return allowed ? ok() : refused('notPossibleNow');
  }

  async #acknowledge({ viewer, officer }: ActingOfficer, alarmId: number): Promise<Done> {
    const { diary } = this.#parts.services;
    const alarm = diary.alarms.find(({ id }) => id === alarmId);
    if (alarm === undefined) return refused('alreadyResolved');
    if (!mayAct(viewer, alarm.owner)) return refused('notYours');
    diary.acknowledge(alarm.id);
    await diary.note('alarmAcknowledged', { recordId: alarm.recordId, facts: { officer, alarm: alarm.event } });
    return ok();
  }

  async #resolve(by: ActingOfficer, { recordId, action, reasonCode }: Wish<'resolveReferral'>): Promise<Done> {
    const { store, diary } = this.#parts.services;
    const { officer } = by;
    const record = await store.read(recordId);
    if (!record.ok) return this.#letOut(by, recordId, action, reasonCode);
    const owner = this.#ownerOfRecord(record.value);
    if (owner === null) return this.#tooLate(by, recordId);
    if (!mayAct(by.viewer, owner)) return refused('notYours');
    // A refused or voided record has ended already: what is left is a person in the lane.
    if (record.value.state === 'referred') {
      const written = await store.end(recordId, { type: 'resolved', action, officer, reasonCode });
      // Of two officers the store lets one win.
      if (!written.ok && written.error.code === 'wrongState') return this.#tooLate(by, recordId);
      if (!written.ok) {
        if (written.error.code === 'storeFailed') this.#listener.onStoreFailed();
        return refused('storeFailed');
      }
      diary.recorded('referralResolved', { recordId, owner, detail: action });
    } else {
      if (this.#resolved.has(recordId) && this.#state.run?.recordId !== recordId) return this.#tooLate(by, recordId);
      await diary.note('referralResolved', { recordId, owner, detail: action, facts: { officer, reasonCode } });
    }
    this.#remember(recordId, by);
    if (this.#state.run?.recordId === recordId) this.#state.run.tell({ type: 'officerActed', action });
    await this.#listener.onActed();
    return ok();
  }

  async #releaseReferral(by: ActingOfficer, wish: Wish<'releaseReferral'>): Promise<Done> {
    const done = await this.#release.release(by, wish);
    if (!done.ok && done.error.code === 'alreadyResolved') return this.#tooLate(by, wish.recordId);
    if (!done.ok) return done;
    this.#remember(wish.recordId, by);
    await this.#listener.onActed();
    return done;
  }

  /** The record cannot be read: what can be done is to look after the person in the lane. Recovery ends the record. */
  async #letOut(
    by: ActingOfficer,
    recordId: string,
    action: Wish<'resolveReferral'>['action'],
    reasonCode: string,
  ): Promise<Done> {
    const owner = this.#ownerOf(recordId);
    const { run } = this.#state;
    if (owner === null || run?.recordId !== recordId) return refused('storeFailed');
    if (!mayAct(by.viewer, owner)) return refused('notYours');
    const facts = { officer: by.officer, reasonCode };
    await this.#parts.services.diary.note('referralResolved', { recordId, owner, detail: action, facts });
    this.#remember(recordId, by);
    run.tell({ type: 'officerActed', action });
    await this.#listener.onActed();
    return ok();
  }

  async #keep(by: ActingOfficer, { recordId, reasonCode }: Wish<'keepReferral'>): Promise<Done> {
    const owner = this.#ownerOf(recordId);
    if (owner === null) return this.#tooLate(by, recordId);
    if (!mayAct(by.viewer, owner)) return refused('notYours');
    this.#state.referrals.keep(recordId);
    const facts = { officer: by.officer, reasonCode };
    await this.#parts.services.diary.note('referralKept', { recordId, owner, facts });
    await this.#listener.onActed();
    return ok();
  }

  async #addNote(by: ActingOfficer, { recordId, text }: Wish<'addNote'>): Promise<Done> {
    const owner = this.#ownerOf(recordId);
    if (owner === null) return this.#tooLate(by, recordId);
    const side = sideOf(by.viewer);
    if (side === null || owner !== side) return refused('notYours');
    const { diary, clock } = this.#parts.services;
    const at = new Date(clock.nowMs()).toISOString();
    const added = await this.#materials?.addNote(recordId, side, { at, officer: by.officer, text });
    // A record that has ended (refused, voided) keeps nothing any more.
    if (added?.ok !== true) return refused(added?.error.code === 'wrongState' ? 'notPossibleNow' : 'storeFailed');
    // That there is one, not what it says.
    await diary.note('noteAdded', { recordId, owner, facts: { officer: by.officer } });
    return ok();
  }

  /** Whoever comes second is told who was first, if that is somebody they may know of. */
  #tooLate(by: ActingOfficer, recordId: string): Done {
    const first = this.#resolved.get(recordId);
    const known = first !== undefined && (sideOf(first.viewer) === sideOf(by.viewer) || sideOf(first.viewer) === null);
    return refused('alreadyResolved', known ? first.officer : null);
  }

  #remember(recordId: string, { officer, viewer }: ActingOfficer): void {
    this.#resolved.set(recordId, { officer, viewer });
    this.#state.referrals.settled(recordId);
    const [oldest] = this.#resolved.keys();
    if (this.#resolved.size > RESOLVED_KEPT && oldest !== undefined) this.#resolved.delete(oldest);
  }

  get #materials(): ReferralMaterials | null {
    return this.#parts.materials ?? null;
  }

  #ownerOf(recordId: string): Owner | null {
    const open = this.#state.referrals.list(this.#state.run).find(({ record }) => record.recordId === recordId);
    return open?.owner ?? null;
  }

  #ownerOfRecord(record: RecordSnapshot): Owner | null {
    if (record.state === 'referred' && record.referral !== null) return record.referral.owner;
    return this.#ownerOf(record.recordId);
  }
}
