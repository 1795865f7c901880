import { startOfDay } from './calendar-day.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { LaneDelays, LaneParts, LaneState } from './lane-parts.ts';
import { endOrphans } from './recovery.ts';
import type { Timers } from './timers.ts';

/** The lane's dealings with its record between crossings: recovery after a death, tries after a failure, referrals and figures. */
export class RecordDesk {
  readonly #services: CrossingServices;
  readonly #state: LaneState;
  readonly #delays: LaneDelays;
  readonly #timers: Timers;
  readonly #timeZone: string;
  readonly #onChange: () => void;
  #recovering = false;
  /** This process has told the record's home that it lives: what an earlier one still asks for is refused from then on. */
  #begun = false;

  constructor(
    services: CrossingServices,
    state: LaneState,
    parts: Pick<LaneParts, 'delays' | 'timeZone'>,
    timers: Timers,
    onChange: () => void,
  ) {
    this.#services = services;
    this.#state = state;
    this.#delays = parts.delays;
    this.#timeZone = parts.timeZone;
    this.#timers = timers;
    this.#onChange = onChange;
  }

  /** A call of the store failed: out of service until it can be written again. */
  failed(): void {
    const { service } = this.#state;
    if (service.has('storeFailed') || this.#timers.closed) return;
    service.set('storeFailed', true);
    this.#services.diary.recorded('storeFailed');
    this.#timers.later(this.#delays.storeRetry, () => void this.#tryAgain());
  }

  /** Ends what a dead process, or a record that could not be written, has left. */
  async recover(): Promise<void> {
    const { service, run } = this.#state;
    if (this.#recovering || this.#timers.closed || run !== null) return;
    this.#recovering = true;
    const ended = await this.#endOrphans();
    this.#recovering = false;
    if (ended.ok) {
      if (ended.value.somebodyMayBeInside) service.set('laneToBeChecked', true);
      service.set('recoveryPending', false);
      return this.refresh();
    }
    // The lane controller tells by itself when it is back; a store, and a door with somebody in it, have to be asked again.
    if (ended.error.code === 'doorOccupied') this.#timers.later(this.#delays.storeRetry, () => void this.recover());
    else if (ended.error.code !== 'laneControllerAway') this.failed();
  }

  async #endOrphans(): ReturnType<typeof endOrphans> {
    const { store, laneId } = this.#services;
    const begun = this.#begun ? null : await store.beginLife(laneId);
    if (begun !== null && !begun.ok) return begun;
    this.#begun = true;
    return endOrphans(this.#services);
  }

  /** Referrals and figures from the store, after anything that may have changed them. */
  async refresh(): Promise<void> {
    const { store, laneId, clock } = this.#services;
    const dayBegan = new Date(startOfDay(clock.nowMs(), this.#timeZone));
    const [, figures] = await Promise.all([
      this.#state.referrals.refresh(this.#state.run),
      store.figures(laneId, dayBegan.toISOString()),
    ]);
    if (figures.ok) this.#state.figures = figures.value;
    this.#onChange();
  }

  async #tryAgain(): Promise<void> {
    const written = await this.#services.store.audit({
      event: 'storeRecovered',
      recordId: null,
      owner: 'port',
      facts: {},
    });
    if (!written.ok) return this.#timers.later(this.#delays.storeRetry, () => void this.#tryAgain());
    this.#state.service.set('storeFailed', false);
    await this.recover();
    // With a traveller held inside there is nothing to recover yet, but their officer must see them.
    await this.refresh();
  }
}
