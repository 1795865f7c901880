import type { FittedDevices } from '../../../native-bridge/devices/fitted-devices.ts';
import type { DiagnosticsAction } from '../../contract/diagnostics-actions.ts';
import type { ReadinessReport } from '../../contract/diagnostics-checks.ts';
import type { DiagnosticsView, Workbench } from '../../contract/diagnostics-view.ts';
import type { AccessoryHands } from '../accessory-hands.ts';
import { isoNow } from '../clock.ts';
import type { LaneState } from '../lane-parts.ts';
import type { LaneProfile } from '../lane-profile.ts';
import { type ClockReading, readClocks } from './checks/machine.ts';
import { found } from './checks/timed.ts';
import { doorViews, healthViews, historyOf } from './desk-view.ts';
import type { DiagnosticsMarker } from './marker.ts';
import { runSelfTest } from './self-test.ts';
import type { SettingsDesk } from './settings/settings-desk.ts';
import { type TechnicianAccounts, TechnicianSignIn } from './sign-in.ts';
import { writeBundle } from './support-bundle.ts';
import { AccessoryTests } from './tests/accessory-tests.ts';
import { type BenchParts, TestBoard } from './tests/bench.ts';
import { DocumentTest } from './tests/document-test.ts';
import { DoorTest } from './tests/door-test.ts';
import { SimpleTests } from './tests/simple-tests.ts';
import { watchDevices } from './watch/device-counts.ts';

type Mode = DiagnosticsView['mode'];

export interface DiagnosticsParts {
  readonly bench: BenchParts;
  readonly profile: LaneProfile;
  readonly devices: FittedDevices;
  readonly accessories: AccessoryHands;
  /** The lane's own state: the desk sets `diagnostics` among the reasons and looks whether a crossing is under way. */
  readonly lane: Pick<LaneState, 'run' | 'doors'>;
  readonly settings: SettingsDesk;
  readonly marker: DiagnosticsMarker;
  readonly software: string;
  readonly onView: (view: DiagnosticsView) => void;
}

/** Between two views: a trace that babbles must not drown the window. Milliseconds. */
const TELL_AFTER_MS = 100;
/** Ages and counters go on while a technician looks. */
const TICK_MS = 1_000;

/**
 * The technician's side of a lane. Coming in takes the lane out of service; a marker on disk keeps it so through a restart; going
 * out runs the readiness check and only a ready lane is given back.
 */
export class DiagnosticsDesk {
  readonly #parts: DiagnosticsParts;
  readonly #signIn: TechnicianSignIn;
  readonly #board: TestBoard;
  readonly #doorTest: DoorTest;
  readonly #documentTest: DocumentTest;
  readonly #simple: SimpleTests;
  readonly #accessoryTests: AccessoryTests;
  readonly #watch: ReturnType<typeof watchDevices>;
  readonly #started: ClockReading;
  #mode: Mode = 'outside';
  #readiness: ReadinessReport | null = null;
  #notReady = false;
  #bundle: Workbench['supportBundle'] = null;
  #sequence = 0;
  #cancelTell: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #closed = false;

  constructor(parts: DiagnosticsParts) {
    this.#parts = parts;
    const { bench } = parts;
    const changed = (): void => this.changed();
    this.#started = readClocks(bench.clock);
    this.#signIn = new TechnicianSignIn(changed);
    this.#board = new TestBoard(bench.clock, bench.diary, changed);
    this.#doorTest = new DoorTest(bench, this.#board);
    this.#simple = new SimpleTests(bench, this.#board);
    this.#accessoryTests = new AccessoryTests(
      { clock: bench.clock, trace: bench.trace, hands: parts.accessories, faceCamera: parts.devices.faceCamera },
      this.#board,
    );
    this.#documentTest = new DocumentTest(bench, this.#board, {
      onRegister: async (digest, officer) => {
        const refused = await parts.settings.register(digest, officer);
        const facts = { registered: parts.settings.testDocuments.length };
        return refused === null
          ? { outcome: 'passed', code: 'registered', facts }
          : { outcome: 'failed', code: refused, facts };
      },
    });
    this.#watch = watchDevices(parts.devices, bench.trace);
  }

  /** Before the lane starts: its settings, and whether a technician had it when the process ended. */
  async start(): Promise<void> {
    const { settings, marker, bench } = this.#parts;
    await settings.load();
    if (marker.stands) {
      this.#mode = 'inside';
      bench.service.set('diagnostics', true);
    }
    this.changed();
  }

  /** Technicians sign in with these accounts. */
  attach(accounts: TechnicianAccounts): void {
    this.#signIn.attach(accounts);
  }

  /** A document that only ever tests the lane: in service it opens nothing. */
  isTestDocument(digest: string): boolean {
    return this.#parts.settings.testDocuments.includes(digest);
  }

  async receive(action: DiagnosticsAction): Promise<void> {
    if (this.#closed) return;
    if (action.type === 'signIn') return this.#signedIn(action);
    const officer = await this.#signIn.mayAct();
    if (officer === null) return this.#abandon();
    switch (action.type) {
      case 'signOut':
        this.#signIn.signOut();
        return this.#abandon();
      case 'enter':
        return this.#enter(officer);
      case 'leave':
        return this.#leave(officer);
      case 'checkReadiness':
        await this.#check(officer);
        return;
      case 'makeSupportBundle':
        return this.#makeBundle(officer);
      default:
        // Everything that touches a device or a setting: only while the lane is in the technician's hands.
        if (this.#mode === 'inside') await this.#work(action, officer);
    }
  }

  /** The lane has changed: a crossing has ended, a device came or went. */
  changed(): void {
    this.#goInside();
    if (this.#cancelTell !== null || this.#closed) return;
    this.#cancelTell = this.#parts.bench.clock.after(TELL_AFTER_MS, () => {
      this.#cancelTell = null;
      this.#tell();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTell?.();
    this.#cancelTick?.();
    this.#doorTest.cancel();
    this.#documentTest.close();
    this.#watch.end();
  }

  async #signedIn({ officer, pin, newPin }: Extract<DiagnosticsAction, { type: 'signIn' }>): Promise<void> {
    const refused = await this.#signIn.signIn(officer, pin, newPin);
    if (refused === 'notATechnician') await this.#parts.bench.diary.note('technicianRefused', { facts: { officer } });
    if (refused === null) this.#tick();
  }

  async #work(action: DiagnosticsAction, officer: string): Promise<void> {
    switch (action.type) {
      case 'testDocument':
        return this.#documentTest.begin('test', officer);
      case 'registerTestDocument':
        return this.#documentTest.begin('register', officer);
      case 'testChip':
        return this.#documentTest.begin('chip', officer);
      case 'askDoorTest':
        return this.#doorTest.ask(action.door, officer);
      case 'confirmDoorTest':
        return this.#doorTest.confirm(action.door, action.question);
      case 'cancelTest':
        return this.#cancelTests();
      case 'setLamp':
        return this.#simple.lamp(action.door, action.lamp, officer);
      case 'showIndicator':
        return this.#accessoryTests.lamp(action.lamp, officer);
      case 'setLight':
        return this.#accessoryTests.light(action.percent, officer);
      case 'lightMeasured':
        return this.#accessoryTests.lightMeasured(action.out, action.lit, officer);
      case 'setTilt':
        return this.#accessoryTests.tilt(action.degrees, officer);
      case 'testTilt':
        return this.#accessoryTests.tiltThrough(officer);
      case 'testFaceCamera':
        return this.#accessoryTests.faceCamera(officer);
      case 'cameraMeasured':
        return this.#simple.camera(action.measures, officer);
      case 'soundPlayed':
        return this.#simple.sound(action.volume, action.heard, officer);
      case 'padSample':
        return this.#simple.pad(action.frames, officer);
      case 'testModels':
        return this.#simple.models(officer);
      case 'saveSettings':
        await this.#parts.settings.save(action.values, officer);
        return this.changed();
      default:
        return;
    }
  }

  async #enter(officer: string): Promise<void> {
    const { marker, bench } = this.#parts;
    if (this.#mode !== 'outside' || !marker.set()) return;
    this.#mode = 'entering';
    this.#notReady = false;
    bench.service.set('diagnostics', true);
    await bench.diary.note('diagnosticsEntered', { facts: { officer } });
    this.changed();
  }

  /** Whoever is in the lane is served to the end first; then every door is shut and red. */
  #goInside(): void {
    if (this.#mode !== 'entering' || this.#parts.lane.run !== null) return;
    this.#mode = 'inside';
    void this.#allShut();
  }

  async #leave(officer: string): Promise<void> {
    if (this.#mode !== 'inside' || this.#board.running !== null) return;
    const { marker, bench } = this.#parts;
    this.#mode = 'leaving';
    this.#notReady = false;
    this.#accessoryTests.giveBack();
    await this.#allShut();
    const ready = await this.#check(officer);
    // Signed out meanwhile, or not ready: it stays in the technician's hands.
    if (!ready || this.#signIn.officer === null || !marker.remove()) {
      this.#mode = 'inside';
      this.#notReady = !ready;
      return this.changed();
    }
    await bench.diary.note('diagnosticsLeft', { facts: { officer } });
    this.#mode = 'outside';
    bench.service.set('diagnostics', false);
    this.changed();
  }

  async #check(officer: string): Promise<boolean> {
    if (!this.#board.begin('readiness', 'work')) return false;
    const { bench, profile, devices, software } = this.#parts;
    const report = await runSelfTest({
      profile,
      devices: {
        documentScanner: devices.documentScanner,
        laneController: bench.laneController,
        chipReader: devices.chipReader,
        others: devices.others,
        isRequired: (device) => devices.isRequired(device),
      },
      awayReason: (device) => devices.reports.find((report) => report.device === device)?.reason ?? null,
      camera: () => this.#cameraFound(),
      modelRoot: bench.modelRoot,
      heavy: bench.heavy,
      clock: bench.clock,
      started: this.#started,
      lastRecordedAt: bench.diary.timeline.at(-1)?.at ?? null,
      software,
    });
    this.#board.idle();
    this.#readiness = report;
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    await bench.diary.note('readinessChecked', {
      detail: report.ready ? 'ready' : failed.slice(0, 3).join(' '),
      facts: { officer, ready: report.ready, failed: failed.length },
    });
    this.changed();
    return report.ready;
  }

  #cameraFound() {
    if (this.#parts.bench.service.has('cameraFailed')) return found('failed', 'cameraFailed');
    const tested = this.#board.results.find(({ test }) => test === 'camera');
    if (tested === undefined) return found('notDone', 'notTestedYet');
    return found(tested.outcome, tested.code, tested.facts);
  }

  async #makeBundle(officer: string): Promise<void> {
    const { bench, profile, software, settings } = this.#parts;
    const made = writeBundle(profile.dataFolder, {
      profile,
      software,
      at: isoNow(bench.clock),
      readiness: this.#readiness,
      devices: this.#health(),
      trace: bench.trace.lines,
      results: this.#board.results,
      settings: settings.views,
      settingsFile: settings.fileView,
      timeline: bench.diary.timeline,
    });
    if (!made.ok) return;
    this.#bundle = made.value;
    await bench.diary.note('supportBundleMade', { facts: { officer, bytes: made.value.bytes } });
    this.changed();
  }

  /** Nobody answers for the bench any more: what moves is stopped and shut. The lane stays out of service. */
  #abandon(): void {
    this.#cancelTests();
    this.#accessoryTests.giveBack();
    if (this.#mode === 'inside') void this.#allShut();
    this.changed();
  }

  #cancelTests(): void {
    this.#doorTest.cancel();
    this.#documentTest.cancel();
  }

  async #allShut(): Promise<void> {
    const { laneController } = this.#parts.bench;
    await laneController.closeAllDoors();
    for (let door = 1; door <= laneController.doorCount; door += 1) await laneController.setLamp(door, 'red');
  }

  #tick(): void {
    this.#cancelTick?.();
    this.#cancelTick = this.#parts.bench.clock.after(TICK_MS, () => {
      if (this.#closed || this.#signIn.officer === null) return;
      // Nobody is at the bench any more: what moves is stopped, and the window shows the sign-in.
      if (this.#signIn.lapsed) void this.#signIn.mayAct().then(() => this.#abandon());
      this.changed();
      this.#tick();
    });
  }

  #health() {
    const { devices, profile, bench } = this.#parts;
    return healthViews(devices, profile, this.#watch.counts, bench.service);
  }

  #tell(): void {
    if (this.#closed) return;
    const { profile, bench, onView } = this.#parts;
    this.#sequence += 1;
    const { laneId, direction, topology } = profile;
    onView({
      laneId,
      direction,
      topology,
      inService: bench.service.inService,
      outOfServiceReasons: [...bench.service.reasons],
      mode: this.#mode,
      technician: this.#signIn.officer,
      signIn: this.#signIn.view,
      notReady: this.#notReady,
      workbench: this.#signIn.officer === null ? null : this.#workbench(),
      simulation: null,
      sequence: this.#sequence,
    });
  }

  #workbench(): Workbench {
    const { bench, lane, settings } = this.#parts;
    return {
      devices: this.#health(),
      doors: doorViews(lane.doors, bench.laneController, !bench.service.has('laneControllerLost')),
      accessories: this.#parts.accessories.view,
      trace: [...bench.trace.lines],
      running: this.#board.running,
      results: [...this.#board.results],
      readiness: this.#readiness,
      settings: [...settings.views],
      settingsFile: settings.fileView,
      settingsProblem: settings.problem,
      history: historyOf(bench.diary.timeline),
      testDocuments: settings.testDocuments.length,
      supportBundle: this.#bundle,
    };
  }
}
