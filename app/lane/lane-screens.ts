import type { Viewer } from '../contract/supervisor-view.ts';
import type { DocumentAdvice, Language } from '../contract/traveller-view.ts';
import type { LaneListener, LaneParts, LaneState } from './lane-parts.ts';
import { type ShownToTraveller, supervisorView, travellerView } from './views.ts';

const VIEWERS: readonly Viewer[] = ['exitOfficer', 'entryOfficer', 'portSupervisor'];

/** What is shown for a moment while no crossing is under way. */
export type Pause = 'documentAgain' | 'seeOfficer' | 'thankYou' | 'goBack';

/** Tells the traveller's screen and each viewer's console the whole state, once for all changes of one turn of the event loop. */
export class LaneScreens {
  readonly #parts: LaneParts;
  readonly #state: LaneState;
  readonly #listener: LaneListener;
  #pause: Pause | null = null;
  #advice: DocumentAdvice | null = null;
  #endPause: (() => void) | null = null;
  /** Chosen by the traveller who is here now: a screen that was reloaded speaks it again. */
  #language: Language | null = null;
  #sequence = 0;
  #step = '';
  #since = '';
  #queued = false;
  #closed = false;

  constructor(parts: LaneParts, state: LaneState, listener: LaneListener) {
    this.#parts = parts;
    this.#state = state;
    this.#listener = listener;
  }

  /** Shows it until the next traveller comes or its time is over. */
  show(pause: Pause, advice: DocumentAdvice | null = null): void {
    if (this.#state.run !== null) return;
    const { services, delays } = this.#parts;
    this.clear();
    this.#pause = pause;
    this.#advice = advice;
    this.#endPause = services.clock.after(delays.showEnd, () => {
      this.clear();
      this.changed();
    });
    this.changed();
  }

  clear(): void {
    this.#endPause?.();
    this.#pause = null;
    this.#advice = null;
  }

  speak(language: Language): void {
    this.#language = language;
    this.changed();
  }

  changed(): void {
    if (this.#queued || this.#closed) return;
    this.#queued = true;
    setImmediate(() => {
      this.#queued = false;
      if (!this.#closed) this.#tell();
    });
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  #tell(): void {
    const { services, readers, devices } = this.#parts;
    const { service, referrals, run, doors, figures, camera } = this.#state;
    const shown = this.#shown();
    if (shown.step !== this.#step) {
      // Whoever was here is gone.
      if (shown.step === 'attract') this.#language = null;
      this.#step = shown.step;
      this.#since = new Date(services.clock.nowMs()).toISOString();
    }
    this.#sequence += 1;
    const { laneId, direction, topology, diary } = services;
    const common = { ...shown, laneId, direction, topology, sequence: this.#sequence, since: this.#since };
    this.#listener.onTravellerView(
      travellerView({
        ...common,
        camera,
        suggestedLanguage: this.#language ?? run?.suggestedLanguage ?? null,
      }),
    );
    const waiting = referrals.list(run);
    for (const viewer of VIEWERS) {
      this.#listener.onSupervisorView(
        supervisorView({
          ...common,
          viewer,
          service,
          run,
          referrals: waiting,
          readers,
          doors,
          devices: devices.reports,
          diary,
          figures,
          laneOnlyKnown: this.#parts.allowLaneOnly !== null,
          reversible: this.#parts.reversal != null,
        }),
      );
    }
  }

  #shown(): ShownToTraveller {
    const { service, run } = this.#state;
    const nothing = { stationsReached: 0, hint: null, documentAdvice: null, warnSecondsLeft: null };
    if (service.has('emergency')) return { step: 'emergency', ...nothing };
    if (run !== null) return { ...nothing, ...run.shown };
    if (this.#pause !== null)
      return {
        ...nothing,
        step: this.#pause,
        stationsReached: this.#pause === 'thankYou' ? 5 : 0,
        documentAdvice: this.#advice,
      };
    if (service.has('starting')) return { step: 'starting', ...nothing };
    return { step: service.inService ? 'attract' : 'outOfService', ...nothing };
  }
}
