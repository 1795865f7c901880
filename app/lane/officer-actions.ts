import type { Owner } from '../contract/crossing.ts';
import type { SupervisorAction, Viewer } from '../contract/supervisor-view.ts';
import type { RecordSnapshot } from '../record/store.ts';
import type { LaneParts, LaneState } from './lane-parts.ts';
import { mayAct } from './officer-desk.ts';

export interface OfficerActionsListener {
  onStoreFailed(): void;
  /** Referrals or alarms are others now. */
  onActed(): Promise<void>;
}

/** What officers may do at a lane, each act checked for its side and audited with the officer's number. */
export class OfficerActions {
  readonly #parts: LaneParts;
  readonly #state: LaneState;
  readonly #listener: OfficerActionsListener;

  constructor(parts: LaneParts, state: LaneState, listener: OfficerActionsListener) {
    this.#parts = parts;
    this.#state = state;
    this.#listener = listener;
  }

  async act(viewer: Viewer, officer: string, action: SupervisorAction): Promise<void> {
    switch (action.type) {
      case 'acknowledgeAlarm':
        return this.#acknowledge(viewer, officer, action.alarmId);
      case 'setService':
        this.#state.service.set('closedByOfficer', !action.inService);
        // Whoever opens the lane has seen that it is empty.
        if (action.inService) this.#state.service.set('laneToBeChecked', false);
        return this.#parts.services.diary.note('serviceChanged', { facts: { officer, inService: action.inService } });
      case 'resolveReferral':
        return this.#resolve(viewer, officer, action);
    }
  }

  async #acknowledge(viewer: Viewer, officer: string, alarmId: number): Promise<void> {
    const { diary } = this.#parts.services;
    const alarm = diary.alarms.find(({ id }) => id === alarmId);
    if (alarm === undefined || !mayAct(viewer, alarm.owner)) return;
    diary.acknowledge(alarm.id);
    await diary.note('alarmAcknowledged', { recordId: alarm.recordId, facts: { officer, alarm: alarm.event } });
  }

  async #resolve(
    viewer: Viewer,
    officer: string,
    wish: Extract<SupervisorAction, { type: 'resolveReferral' }>,
  ): Promise<void> {
    const { store, diary } = this.#parts.services;
    const { recordId, action, reasonCode } = wish;
    const record = await store.read(recordId);
    if (!record.ok) return;
    const owner = this.#ownerOf(record.value);
    if (owner === null || !mayAct(viewer, owner)) return;
    // A refused or voided record has ended already: what is left is a person in the lane.
    if (record.value.state === 'referred') {
      const written = await store.end(recordId, { type: 'resolved', action, officer, reasonCode });
      if (!written.ok) return written.error.code === 'storeFailed' ? this.#listener.onStoreFailed() : undefined;
      diary.recorded('referralResolved', { recordId, owner, detail: action });
    } else {
      await diary.note('referralResolved', { recordId, owner, detail: action, facts: { officer, reasonCode } });
    }
    if (this.#state.run?.recordId === recordId) this.#state.run.tell({ type: 'officerActed', action });
    await this.#listener.onActed();
  }

  #ownerOf(record: RecordSnapshot): Owner | null {
    if (record.state === 'referred' && record.referral !== null) return record.referral.owner;
    return (
      this.#state.referrals.list(this.#state.run).find((waiting) => waiting.record.recordId === record.recordId)
        ?.owner ?? null
    );
  }
}
