import type { Owner, ReferralCode } from '../contract/crossing.ts';
import type { CrossingEnding } from '../domain/crossing/effects.ts';
import type { JointRecordStore, RecordSnapshot } from '../record/store.ts';
import type { CrossingRun } from './crossing-run.ts';
import type { OpenReferral } from './open-referral.ts';
import type { ReferralMaterials } from './referral-material.ts';

/**
 * Everybody who waits for an officer: the store's open referrals, and a traveller who still stands in the lane although the
 * record has ended (refused in chamber B, voided because nobody passed).
 */
export class ReferralList {
  readonly #store: JointRecordStore;
  readonly #laneId: string;
  readonly #materials: ReferralMaterials | null;
  readonly #kept = new Set<string>();
  #settled: string | null = null;
  #referred: readonly RecordSnapshot[] = [];
  #held: RecordSnapshot | null = null;

  constructor(store: JointRecordStore, laneId: string, materials: ReferralMaterials | null = null) {
    this.#store = store;
    this.#laneId = laneId;
    this.#materials = materials;
  }

  async refresh(run: CrossingRun | null): Promise<void> {
    const live = await this.#store.live(this.#laneId);
    if (live.ok) this.#referred = live.value.filter(({ state }) => state === 'referred');
    this.#held = await this.#heldBy(run);
    if (!live.ok) return;
    const open = new Set([...this.#referred, ...(this.#held === null ? [] : [this.#held])].map((it) => it.recordId));
    for (const recordId of this.#kept) if (!open.has(recordId)) this.#kept.delete(recordId);
    this.#materials?.keepOnly(open);
    if (this.#held !== null) this.#materials?.standing(this.#held.recordId);
    for (const { recordId, referral } of this.#referred)
      if (referral !== null) void this.#materials?.referred(recordId, referral.owner);
  }

  /** An officer has decided: whoever walks out now is nobody's any more, unless they don't. */
  settled(recordId: string): void {
    this.#settled = recordId;
  }

  /** A traveller who stands in the lane is shown even while the record cannot be read: the crossing knows what it needs. */
  async #heldBy(run: CrossingRun | null): Promise<RecordSnapshot | null> {
    if (run === null || !(run.snapshot.matches({ afterwards: 'held' }) || this.#isTurnedAway(run))) return null;
    const read = await this.#store.read(run.recordId);
    if (!read.ok) return run.unreadRecord;
    return read.value.state === 'referred' ? null : read.value;
  }

  /** Refused, and on the way back: their officers hear of it now, not when the way back was not taken. */
  #isTurnedAway(run: CrossingRun): boolean {
    return isWalkingBack(run) && run.snapshot.context.ending?.state === 'refused' && run.recordId !== this.#settled;
  }

  /** An officer lets the traveller stand where they are for now. */
  keep(recordId: string): void {
    this.#kept.add(recordId);
  }

  /** Where each stands is asked of the crossing now; who is in no crossing stands outside. */
  list(run: CrossingRun | null): readonly OpenReferral[] {
    const referred = this.#referred.flatMap((record) =>
      record.referral === null ? [] : [{ record, ...record.referral }],
    );
    const held =
      this.#held !== null && run?.recordId === this.#held.recordId
        ? [{ record: this.#held, ...reasonOfHolding(run.snapshot.context.ending) }]
        : [];
    return [...referred, ...held].map((referral) => {
      const { recordId } = referral.record;
      const own = run?.recordId === recordId ? run : null;
      const place = own?.snapshot.context.place ?? 'outside';
      return {
        ...referral,
        place: place === 'through' ? 'outside' : place,
        standing: own !== null && own.standing !== null,
        walkingBack: own !== null && isWalkingBack(own),
        kept: this.#kept.has(recordId),
        material: this.#materials?.version(recordId) ?? 0,
      };
    });
  }
}

function isWalkingBack({ snapshot }: CrossingRun): boolean {
  return snapshot.matches({ afterwards: 'goingBack' }) || snapshot.matches({ afterwards: 'goingBackFromB' });
}

function reasonOfHolding(ending: CrossingEnding | null): { owner: Owner; code: ReferralCode } {
  if (ending?.state === 'referred') return { owner: ending.owner, code: ending.code };
  if (ending?.state === 'refused')
    return { owner: ending.owner, code: ending.owner === 'exit' ? 'exitControlRefused' : 'entryControlRefused' };
  return { owner: 'port', code: 'didNotPass' };
}
