import type { RgbaFrame } from '../../models/face/image.ts';
import type { DiagnosticsView } from '../contract/diagnostics-view.ts';
import { unwrap } from '../contract/result.ts';
import type { SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { TravellerView } from '../contract/traveller-view.ts';
import type { CrossingReport } from '../lane/crossing-run.ts';
import type { LaneProfile } from '../lane/lane-profile.ts';
import { type OpenedLane, type OpenLaneOptions, openLane } from '../lane/open-lane.ts';

/** Longer than any story takes, a face time-out included. Milliseconds. */
const PATIENCE_MS = 40_000;

type Waiter = { readonly holds: () => boolean; readonly resolve: () => void };

/**
 * The lane without Electron: its screens are the last views, its camera a row of frames that is played while the lane wants the
 * camera on. Everything else (devices, models, controls, record) is the product's own.
 */
export class HeadlessLane {
  readonly opened: OpenedLane;
  readonly #frameEveryMs: number;
  readonly #waiters = new Set<Waiter>();
  readonly #state: ScreenState;
  #frames: readonly RgbaFrame[] = [];
  #next = 0;
  #plays = true;
  /** Every frame is the same on purpose. */
  #hangs = false;
  #timer: NodeJS.Timeout | null = null;

  private constructor(opened: OpenedLane, state: ScreenState, frameEveryMs: number) {
    this.opened = opened;
    this.#state = state;
    this.#frameEveryMs = frameEveryMs;
    state.changed = () => this.#viewsChanged();
    this.#viewsChanged();
  }

  static async open(
    profile: LaneProfile,
    frameEveryMs: number,
    extra: Partial<OpenLaneOptions> = {},
  ): Promise<HeadlessLane> {
    const state: ScreenState = {
      traveller: null,
      supervisor: new Map(),
      diagnostics: null,
      reports: [],
      changed: () => undefined,
    };
    const opened = await openLane({
      profile,
      restarts: 0,
      ...extra,
      listener: {
        onTravellerView: (view) => {
          state.traveller = view;
          state.changed();
        },
        onSupervisorView: (view) => {
          state.supervisor.set(view.viewer, view);
          state.changed();
        },
        onDiagnosticsView: (view) => {
          state.diagnostics = view;
          state.changed();
        },
        onCrossing: (report) => {
          state.reports.push(report);
          state.changed();
        },
      },
    });
    return new HeadlessLane(unwrap(opened), state, frameEveryMs);
  }

  get traveller(): TravellerView | null {
    return this.#state.traveller;
  }

  get reports(): readonly CrossingReport[] {
    return this.#state.reports;
  }

  /** Between two crossings: who plays thousands keeps none of them. */
  forgetReports(): void {
    this.#state.reports.length = 0;
  }

  get diagnostics(): DiagnosticsView | null {
    return this.#state.diagnostics;
  }

  supervisor(viewer: Viewer): SupervisorView | null {
    return this.#state.supervisor.get(viewer) ?? null;
  }

  /** Who stands before the camera from now on. */
  stand(frames: readonly RgbaFrame[]): void {
    this.#frames = frames;
    this.#next = 0;
    const [first, second] = frames;
    this.#hangs = first !== undefined && second !== undefined && Buffer.compare(first.data, second.data) === 0;
  }

  /** False: the camera gives nothing, whatever the lane wants. */
  play(on: boolean): void {
    this.#plays = on;
  }

  /** Resolves as soon as it holds, looked at with each new view or report; rejects with what the lane shows when it never does. */
  waitFor(holds: (lane: HeadlessLane) => boolean, limitMs = PATIENCE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`waited in vain: ${holds.toString().slice(0, 120)}; the lane shows ${this.describe()}`));
      }, limitMs);
      const waiter: Waiter = {
        holds: () => holds(this),
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      if (waiter.holds()) waiter.resolve();
      else this.#waiters.add(waiter);
    });
  }

  /** In one line, for a person who looks for what went wrong. */
  describe(): string {
    const view = this.supervisor('portSupervisor');
    const alarms = view?.alarms.map(({ event, detail }) => `${event} ${detail ?? ''}`).join(', ');
    const waiting = view?.referrals.map(({ owner, code, place, walkingBack }) =>
      [owner, code, place, walkingBack === true ? 'walking back' : ''].join(' ').trim(),
    );
    const reasons = view?.outOfServiceReasons.join(' ') || 'no';
    return `${this.traveller?.step}, out of service: ${reasons}, referrals: ${waiting?.join(', ') || 'none'}, alarms: ${alarms}`;
  }

  async close(): Promise<void> {
    this.#stopCamera();
    await this.opened.close();
  }

  #viewsChanged(): void {
    if ((this.traveller?.camera ?? 'off') !== 'off') this.#startCamera();
    else this.#stopCamera();
    for (const waiter of [...this.#waiters]) {
      if (!waiter.holds()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  #startCamera(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => this.#playFrame(), this.#frameEveryMs);
    this.#playFrame();
  }

  #stopCamera(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #playFrame(): void {
    const frame = this.#frames[this.#next % Math.max(1, this.#frames.length)];
    if (frame === undefined || !this.#plays) return;
    this.#next += 1;
    // The engine takes the pixels away: each play is a copy.
    const { width, height } = frame;
    const data = Uint8Array.from(frame.data);
    // A row of frames that comes round again is a film to the lane, and rightly: one grain of noise more each time.
    if (!this.#hangs) data[(this.#next * 4) % data.length]! ^= 1;
    this.opened.lane.frame({ type: 'frame', width, height, capturedAtMs: performance.now(), data });
  }
}

interface ScreenState {
  traveller: TravellerView | null;
  readonly supervisor: Map<Viewer, SupervisorView>;
  diagnostics: DiagnosticsView | null;
  readonly reports: CrossingReport[];
  changed: () => void;
}
