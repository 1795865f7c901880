import { randomUUID } from 'node:crypto';
import { MAX_GRANTS, type ReleaseGrant } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ConsoleError, consoleError } from '../contract/supervisor-console.ts';
import type { SupervisorAction } from '../contract/supervisor-view.ts';
import type { ActingOfficer } from './acting-officer.ts';
import { isoNow } from './clock.ts';
import type { ReleaseOrder } from './continued.ts';
import type { CrossingRun } from './crossing-run.ts';
import type { LaneParts, LaneState } from './lane-parts.ts';
import { sideOf } from './officer-desk.ts';
import type { OpenReferral } from './open-referral.ts';
import { releaseNeeds } from './release-rules.ts';

export interface ReleaseListener {
  onStoreFailed(): void;
  /** The traveller goes on; false: they are no longer where they stood. */
  goOn(run: CrossingRun, order: ReleaseOrder): boolean;
}

type Done = Result<void, ConsoleError>;
type Wish = Extract<SupervisorAction, { type: 'releaseReferral' }>;
const refused = (code: ConsoleError['code']): Result<never, ConsoleError> => err(consoleError(code));

/** Where the journal of both sides would have the reason: it is in the grant, sealed to the side whose officers gave it (G5). */
const SEALED_REASON = 'sealed';

interface Allowed {
  readonly run: CrossingRun;
  readonly open: OpenReferral;
  readonly side: Side;
  readonly grant: ReleaseGrant;
}

/**
 * Officers of the owning side let a traveller go on whom the lane or their own control had stopped. The record that stopped them
 * stays ended; a new one is opened for the same person, and both controls are asked anew. Nothing here opens a door.
 */
export class OfficerRelease {
  readonly #parts: LaneParts;
  readonly #state: LaneState;
  readonly #listener: ReleaseListener;

  constructor(parts: LaneParts, state: LaneState, listener: ReleaseListener) {
    this.#parts = parts;
    this.#state = state;
    this.#listener = listener;
  }

  async release(by: ActingOfficer, wish: Wish): Promise<Done> {
    const { diary } = this.#parts.services;
    const { recordId } = wish;
    const owner = sideOf(by.viewer) ?? 'port';
    await diary.note('releaseAsked', { recordId, owner, facts: { officer: by.officer } });
    const done = await this.#release(by, wish);
    if (!done.ok)
      await diary.note('releaseRefused', { recordId, owner, facts: { officer: by.officer, code: done.error.code } });
    return done;
  }

  async #release(by: ActingOfficer, wish: Wish): Promise<Done> {
    const allowed = this.#allowed(by, wish);
    if (!allowed.ok) return allowed;
    const { run, open, side, grant } = allowed.value;
    const { services, materials } = this.#parts;
    const ended = await this.#endReferral(open, by);
    if (!ended.ok) return ended;
    const recordId = randomUUID();
    const sealed = materials?.sealGrant(recordId, side, grant);
    // Asked again: meanwhile they may have walked out, or somebody may have come in.
    if (sealed === undefined || run.standing === null) return refused('notPossibleNow');
    const grants = { ...run.grants, [side]: [...(run.grants[side] ?? []), grant] };
    const opening = { of: open.record.recordId, side, grant: sealed };
    if (!this.#listener.goOn(run, { recordId, opening, grants })) return refused('notPossibleNow');
    await services.diary.note('travellerReleased', {
      recordId: open.record.recordId,
      owner: side,
      facts: { officer: by.officer, goesOnAs: recordId },
    });
    return ok();
  }

  /** Everything that must hold, asked in one turn: whose it is, whether it can be, and who stands by it. */
  #allowed(by: ActingOfficer, { recordId, reasonCode }: Wish): Result<Allowed, ConsoleError> {
    const { run, referrals } = this.#state;
    const open = referrals.list(run).find(({ record }) => record.recordId === recordId);
    if (open === undefined) return refused('alreadyResolved');
    if (open.owner !== 'port' && open.owner !== sideOf(by.viewer)) return refused('notYours');
    const needs = releaseNeeds(open, this.#parts.readers);
    if (needs === null) return refused('notReleasable');
    if (run === null || !open.standing) return refused('notPossibleNow');
    const given = run.grants[needs.side] ?? [];
    // Whoever was released so often and stopped again needs another kind of help.
    if (given.length >= MAX_GRANTS) return refused('notReleasable');
    if (by.fresh !== true) return refused('freshAuthenticationNeeded');
    if (by.second === by.officer) return refused('samePerson');
    if (needs.officers === 2 && by.second === null) return refused('secondOfficerNeeded');
    const officers = needs.officers === 2 && by.second !== null ? [by.officer, by.second] : [by.officer];
    const { reason, checks, side } = needs;
    const at = isoNow(this.#parts.services.clock);
    return ok({
      run,
      open,
      side,
      grant: { releaseOf: recordId, officers, reasonCode, at, reason, checks: [...checks] },
    });
  }

  /** A refused record has ended already. Of two officers the store lets one win. */
  async #endReferral({ record }: OpenReferral, { officer }: ActingOfficer): Promise<Done> {
    if (record.state !== 'referred') return ok();
    const ending = { type: 'resolved', action: 'released', officer, reasonCode: SEALED_REASON } as const;
    const written = await this.#parts.services.store.end(record.recordId, ending);
    if (written.ok) return ok();
    if (written.error.code === 'wrongState') return refused('alreadyResolved');
    if (written.error.code === 'storeFailed') this.#listener.onStoreFailed();
    return refused('storeFailed');
  }
}
