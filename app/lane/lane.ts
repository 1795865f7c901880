import { randomUUID } from 'node:crypto';
import type { DocumentScannerEvent } from '../../native-bridge/ports/document-scanner.ts';
import { SIDES } from '../contract/crossing.ts';
import type { ToLane } from '../contract/lane-messages.ts';
import type { CameraFrame, CameraMode, TravellerAction } from '../contract/traveller-view.ts';
import { type NoticeDispatcher, startNoticeDispatcher } from '../controls/notices/notice-dispatcher.ts';
import { acceptDocument } from './accept-document.ts';
import { calendarDay } from './calendar-day.ts';
import { CameraProbe } from './camera-probe.ts';
import type { ReleaseOrder } from './continued.ts';
import { type CrossingListener, type CrossingReport, CrossingRun } from './crossing-run.ts';
import type { CrossingServices } from './crossing-services.ts';
import { DeviceWatch } from './device-watch.ts';
import { adviceForLines, adviceForRead } from './document-advice.ts';
import { DoorWatch } from './door-watch.ts';
import type { FaceHolderEvent } from './face-holder.ts';
import { HomeWatch } from './home-watch.ts';
import type { HomeState } from './hub-link/home-store.ts';
import type { LaneListener, LaneParts, LaneState } from './lane-parts.ts';
import { LaneScreens } from './lane-screens.ts';
import { OfficerActions, type OfficerOrder } from './officer-actions.ts';
import { RecordDesk } from './record-desk.ts';
import { ReferralList } from './referral-list.ts';
import { Service, type ServiceChange } from './service.ts';
import { Timers } from './timers.ts';

/** How long a released traveller waits for the controls to hear what became of the record before. Milliseconds. */
const TOLD_MS = 2_000;
const LOOK_MS = 50;
const OUTBOX_LOOK = 100;

/** One lane: hears its devices, runs one crossing at a time, tells its screens, and keeps itself out of service while anything is wrong. */
export class Lane {
  readonly #parts: LaneParts;
  readonly #services: CrossingServices;
  readonly #listener: LaneListener;
  readonly #state: LaneState;
  readonly #screens: LaneScreens;
  readonly #officers: OfficerActions;
  readonly #probe: CameraProbe;
  readonly #timers: Timers;
  readonly #record: RecordDesk;
  readonly #home: HomeWatch;
  readonly #devices: DeviceWatch;
  readonly #doors: DoorWatch;
  #dispatchers: readonly NoticeDispatcher[] = [];
  /** Released: takes the lane in the moment in which the crossing before is done with it. */
  #next: CrossingRun | null = null;
  #runState = '';
  #closed = false;

  constructor(parts: LaneParts, listener: LaneListener) {
    this.#parts = parts;
    this.#listener = listener;
    const { services, delays } = parts;
    this.#services = {
      ...services,
      onStoreFailed: () => this.storeFailed(),
      untilTold: (recordId) => this.#untilTold(recordId),
      onSoftwareFault: (error) =>
        void services.diary.note('softwareFault', { detail: error instanceof Error ? error.name : 'unknown' }),
    };
    const service = new Service((change) => this.#serviceChanged(change));
    this.#state = {
      service,
      referrals: new ReferralList(services.store, services.laneId, parts.materials ?? null),
      run: null,
      doors: [],
      figures: null,
      camera: 'off',
    };
    this.#screens = new LaneScreens(parts, this.#state, listener);
    this.#officers = new OfficerActions(parts, this.#state, {
      onStoreFailed: () => this.storeFailed(),
      onActed: () => this.#record.refresh(),
      goOn: (run, order) => this.#goOn(run, order),
    });
    this.#probe = new CameraProbe({
      clock: services.clock,
      everyMs: delays.cameraProbe,
      lookMs: delays.cameraLook,
      onCamera: (mode) => this.camera(mode),
      onWorks: () => service.set('cameraFailed', false),
    });
    this.#timers = new Timers(services.clock);
    this.#record = new RecordDesk(this.#services, this.#state, parts, this.#timers, () => this.changed());
    this.#home = new HomeWatch(service, services.diary, this.#record);
    this.#devices = new DeviceWatch(parts.devices, service, services.diary, () => this.#devicesChanged());
    this.#doors = new DoorWatch(this.#services, this.#state, {
      onChange: () => this.changed(),
      onReady: () => this.#record.recover(),
    });
    service.set('recoveryPending', true);
    service.set('closedByOfficer', parts.closure.closedBy !== null);
  }

  /** For diagnostics, which works on the lane itself: what its parts know in common. */
  get inside(): LaneState {
    return this.#state;
  }

  async start(): Promise<void> {
    const { devices, services, restarts, delays } = this.#parts;
    devices.documentScanner.subscribe((event) => void this.#heardScanner(event));
    services.doors.subscribe((event) => void this.#doors.heard(event));
    devices.start();
    this.#startNotices();
    await services.diary.note('laneStarted');
    if (restarts > 0) await services.diary.note('laneProcessDied', { facts: { restarts } });
    await this.#record.recover();
    // Devices that are there answer within this time; only what is missing afterwards is an alarm.
    this.#timers.later(delays.deviceStart, () => this.#started());
    this.#devicesChanged();
  }

  /** The port's hub came or went. */
  homeChanged(state: HomeState): void {
    this.#home.changed(state);
  }

  /** Whether every control's keys are known. */
  controlKeysKnown(known: boolean): void {
    this.#state.service.set('controlKeysUnknown', !known);
  }

  /** What officers may do here, whoever has proved who they are. */
  get officers(): OfficerActions {
    return this.#officers;
  }

  receive(message: ToLane | OfficerOrder): void {
    switch (message.type) {
      case 'frame':
        this.frame(message);
        break;
      case 'traveller':
        this.#travellerActed(message.action);
        break;
      case 'supervisor':
        void this.#officers.act({ ...message, second: null }, message.action);
        break;
      // The process answers these itself.
      case 'console':
      case 'diagnostics':
      case 'ping':
      case 'shutdown':
        break;
    }
  }

  frame(frame: CameraFrame): void {
    this.#probe.frameSeen();
    void this.#services.capture.frame(frame);
  }

  faceEvent(event: FaceHolderEvent): void {
    const { service } = this.#state;
    service.set('modelRefused', event.type === 'refused');
    service.set('faceEngineFailed', event.type === 'failed');
    if (event.type === 'refused') {
      const { error } = event;
      void this.#services.diary.note('modelRefused', {
        detail: 'model' in error ? `${error.code} ${error.model}` : error.code,
      });
    } else if (event.type === 'failed') {
      void this.#services.diary.note('faceEngineFailed', { detail: event.status.error?.code ?? event.status.state });
    }
  }

  /** The traveller window's camera was told to run or to stop. */
  camera(mode: CameraMode): void {
    this.#state.camera = mode;
    this.#screens.changed();
  }

  changed(): void {
    this.#screens.changed();
  }

  storeFailed(): void {
    this.#record.failed();
  }

  /** Doors shut, lamps red, devices closed. A crossing under way is left to recovery: its end is not known yet. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#services.diary.note('laneStopped');
    this.#closed = true;
    this.#screens.close();
    this.#timers.close();
    this.#probe.stop();
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.stop()));
    const { capture, controls, enrolment, store } = this.#services;
    capture.release();
    await Promise.all([this.#parts.devices.close(), controls.exit.close(), controls.entry.close()]);
    enrolment.close();
    await store.close();
  }

  #startNotices(): void {
    const { controls, store, clock, diary } = this.#services;
    this.#dispatchers = [controls.exit, controls.entry].map((control) =>
      startNoticeDispatcher({
        control,
        outbox: store,
        clock,
        onOutcome: (outcome) => {
          const { step, recordId, side } = outcome.notice;
          const line = { recordId, owner: side, detail: `${side} ${step}` };
          if (outcome.type === 'failed') void diary.note('noticeFailed', line);
        },
      }),
    );
  }

  #started(): void {
    const { service } = this.#state;
    if (!service.has('starting') || this.#closed) return;
    service.set('starting', false);
    if (!service.inService) void this.#services.diary.note('laneOutOfService', { detail: service.reasons.join(' ') });
  }

  #devicesChanged(): void {
    if (this.#devices.complete) this.#started();
    this.changed();
  }

  #travellerActed(action: TravellerAction): void {
    if (action.type === 'cameraState') {
      this.#services.capture.cameraState(action);
      this.#probe.cameraState(action);
    } else if (action.type === 'moreTime') {
      this.#state.run?.tell({ type: 'moreTimeAsked' });
    } else if (action.type === 'lowPosition') {
      this.#parts.onLowPosition(action.on);
    } else {
      this.#screens.speak(action.language);
    }
  }

  async #heardScanner(event: DocumentScannerEvent): Promise<void> {
    const { diary } = this.#services;
    switch (event.type) {
      case 'readProblem':
        // A lane that is shut asks nobody for a document.
        if (this.#state.service.inService) this.#screens.show('documentAgain', adviceForRead(event.code));
        return diary.note('scannerGarbage', { detail: event.code, facts: { discardedBytes: event.discardedBytes } });
      case 'documentRead':
        return this.#documentRead(event.text);
      case 'documentRemoved':
      // Its health is watched elsewhere.
      case 'ready':
      case 'lost':
        return;
    }
  }

  async #documentRead(text: string): Promise<void> {
    // Somebody is inside, or the lane is shut: a document on the scanner changes nothing.
    if (this.#state.run !== null || !this.#state.service.inService) return;
    const today = calendarDay(this.#services.clock.nowMs(), this.#parts.timeZone);
    const accepted = acceptDocument(text, today, this.#parts.portKey);
    if (!accepted.ok) {
      this.#screens.show('documentAgain', adviceForLines(accepted.error.problems));
      return this.#services.diary.note('documentUnreadable', {
        detail: accepted.error.problems[0] ?? 'unrecognisedFormat',
      });
    }
    if (this.#parts.isTestDocument(accepted.value.digest)) {
      this.#screens.show('seeOfficer');
      return this.#services.diary.note('testDocumentPresented');
    }
    this.#screens.clear();
    const run = new CrossingRun(randomUUID(), accepted.value, this.#services, this.#ofRun);
    this.#state.run = run;
    run.start();
  }

  /** Officers have released whoever stands here: the same person, a new record. */
  #goOn(run: CrossingRun, order: ReleaseOrder): boolean {
    this.#next = run.goOn(order, this.#ofRun);
    if (this.#next !== null) run.tell({ type: 'officerActed', action: 'released' });
    const gone = this.#next === null && this.#state.run?.recordId === order.recordId;
    this.#next = null;
    return gone;
  }

  /** Wakes the dispatchers and looks until nothing about the record waits to be told, or the time is over. */
  async #untilTold(recordId: string): Promise<void> {
    const { store, clock } = this.#services;
    const endsAtMs = clock.monotonicMs() + TOLD_MS;
    while (clock.monotonicMs() < endsAtMs && !this.#closed) {
      for (const dispatcher of this.#dispatchers) dispatcher.wake();
      await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
      const waiting = await Promise.all(SIDES.map((side) => store.outbox(side, OUTBOX_LOOK)));
      if (waiting.every((box) => box.ok && !box.value.some(({ notice }) => notice.recordId === recordId))) return;
    }
  }

  #runChanged(): void {
    const { run } = this.#state;
    const state = JSON.stringify(run?.snapshot.value ?? '');
    // The record has ended or its traveller is held: officers must see it at once.
    if (state !== this.#runState && run?.snapshot.matches('afterwards') === true) void this.#record.refresh();
    this.#runState = state;
    this.#screens.changed();
  }

  readonly #ofRun: CrossingListener = {
    onChange: () => this.#runChanged(),
    onDone: (report) => void this.#crossingDone(report),
  };

  async #crossingDone(report: CrossingReport): Promise<void> {
    const next = this.#next;
    this.#next = null;
    this.#state.run = next;
    if (next !== null) this.#parts.materials?.carry(report.recordId, next.recordId);
    next?.start();
    const { ending, unwritten } = report.output;
    if (ending?.state === 'referred' && ending.code === 'frozenVideo')
      await this.#services.diary.note('frozenVideo', { recordId: report.recordId });
    if (ending?.state === 'referred' && ending.code === 'cameraFailed') await this.#cameraFailed(report.recordId);
    if (unwritten) this.#state.service.set('recoveryPending', true);
    this.#screens.show(
      ending?.state === 'passed' ? 'thankYou' : ending?.state === 'abandoned' ? 'goBack' : 'seeOfficer',
    );
    for (const dispatcher of this.#dispatchers) dispatcher.wake();
    await this.#record.refresh();
    if (next === null) void this.#parts.materials?.forget(report.recordId);
    this.#listener.onCrossing(report);
    if (unwritten) await this.#record.recover();
  }

  async #cameraFailed(recordId: string): Promise<void> {
    this.#state.service.set('cameraFailed', true);
    this.#probe.start();
    await this.#services.diary.note('cameraFailed', { recordId });
  }

  #serviceChanged({ inService, reasons }: ServiceChange): void {
    if (inService) void this.#services.diary.note('laneInService');
    else if (reasons.length === 1 && !this.#state.service.has('starting'))
      void this.#services.diary.note('laneOutOfService', { detail: reasons[0] ?? '' });
    this.#screens.changed();
  }
}
