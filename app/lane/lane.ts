import { randomUUID } from 'node:crypto';
import type { DocumentScannerEvent } from '../../native-bridge/ports/document-scanner.ts';
import type { LaneControllerEvent } from '../../native-bridge/ports/lane-controller.ts';
import type { ToLane } from '../contract/lane-messages.ts';
import type { CameraFrame, TravellerAction } from '../contract/traveller-view.ts';
import { type NoticeDispatcher, startNoticeDispatcher } from '../controls/notices/notice-dispatcher.ts';
import { acceptDocument } from './accept-document.ts';
import { calendarDay } from './calendar-day.ts';
import { CameraProbe } from './camera-probe.ts';
import { type CrossingReport, CrossingRun } from './crossing-run.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { FaceHolderEvent } from './face-holder.ts';
import type { LaneListener, LaneParts, LaneState } from './lane-parts.ts';
import { LaneScreens } from './lane-screens.ts';
import { OfficerActions } from './officer-actions.ts';
import { endOrphans } from './recovery.ts';
import { ReferralList } from './referral-list.ts';
import { Service, type ServiceChange } from './service.ts';

/** One lane: hears its devices, runs one crossing at a time, tells its screens, and keeps itself out of service while anything is wrong. */
export class Lane {
  readonly #parts: LaneParts;
  readonly #services: CrossingServices;
  readonly #listener: LaneListener;
  readonly #state: LaneState;
  readonly #screens: LaneScreens;
  readonly #officers: OfficerActions;
  readonly #probe: CameraProbe;
  #dispatchers: readonly NoticeDispatcher[] = [];
  #runState = '';
  #recovering = false;
  #closed = false;
  readonly #cancelTimers = new Set<() => void>();

  constructor(parts: LaneParts, listener: LaneListener) {
    this.#parts = parts;
    this.#listener = listener;
    const { services, delays } = parts;
    this.#services = {
      ...services,
      onStoreFailed: () => this.storeFailed(),
      onSoftwareFault: (error) =>
        void services.diary.note('softwareFault', { detail: error instanceof Error ? error.name : 'unknown' }),
    };
    const service = new Service((change) => this.#serviceChanged(change));
    this.#state = {
      service,
      referrals: new ReferralList(services.store, services.laneId),
      run: null,
      doors: [],
      figures: null,
      cameraOn: false,
    };
    this.#screens = new LaneScreens(parts, this.#state, listener);
    this.#officers = new OfficerActions(parts, this.#state, {
      onStoreFailed: () => this.storeFailed(),
      onActed: () => this.#refresh(),
    });
    this.#probe = new CameraProbe({
      clock: services.clock,
      everyMs: delays.cameraProbe,
      lookMs: delays.cameraLook,
      onCamera: (on) => this.camera(on),
      onWorks: () => service.set('cameraFailed', false),
    });
    // Away until they say otherwise.
    service.set('scannerLost', !parts.scanner.ready);
    service.set('laneControllerLost', !services.doors.ready);
    service.set('recoveryPending', true);
  }

  async start(): Promise<void> {
    const { scanner, services, restarts, delays } = this.#parts;
    scanner.subscribe((event) => void this.#heardScanner(event));
    services.doors.subscribe((event) => void this.#heardDoors(event));
    services.doors.start();
    scanner.start();
    this.#startNotices();
    await services.diary.note('laneStarted');
    if (restarts > 0) await services.diary.note('laneProcessDied', { facts: { restarts } });
    await this.#recover();
    // Devices that are there answer within this time; only what is missing afterwards is an alarm.
    this.#later(delays.deviceStart, () => this.#started());
    this.#startedWhenComplete();
  }

  receive(message: ToLane): void {
    switch (message.type) {
      case 'frame':
        this.frame(message);
        break;
      case 'traveller':
        this.#travellerActed(message.action);
        break;
      case 'supervisor':
        void this.#officers.act(message.viewer, message.officer, message.action);
        break;
      // The process answers these itself.
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
  camera(on: boolean): void {
    this.#state.cameraOn = on;
    this.#screens.changed();
  }

  changed(): void {
    this.#screens.changed();
  }

  storeFailed(): void {
    if (this.#state.service.has('storeFailed') || this.#closed) return;
    this.#state.service.set('storeFailed', true);
    this.#services.diary.recorded('storeFailed');
    this.#later(this.#parts.delays.storeRetry, () => void this.#tryStore());
  }

  /** Doors shut, lamps red, devices closed. A crossing under way is left to recovery: its end is not known yet. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#services.diary.note('laneStopped');
    this.#closed = true;
    this.#screens.close();
    for (const cancel of this.#cancelTimers) cancel();
    this.#probe.stop();
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.stop()));
    const { capture, doors, controls, enrolment, store } = this.#services;
    capture.release();
    await Promise.all([this.#parts.scanner.close(), doors.close(), controls.exit.close(), controls.entry.close()]);
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

  #startedWhenComplete(): void {
    if (this.#parts.scanner.ready && this.#services.doors.ready) this.#started();
  }

  #travellerActed(action: TravellerAction): void {
    if (action.type === 'cameraState') {
      this.#services.capture.cameraState(action);
      this.#probe.cameraState(action);
    } else if (action.type === 'moreTime') {
      this.#state.run?.tell({ type: 'moreTimeAsked' });
    }
  }

  async #heardScanner(event: DocumentScannerEvent): Promise<void> {
    const { diary } = this.#services;
    switch (event.type) {
      case 'ready':
        this.#state.service.set('scannerLost', false);
        this.#startedWhenComplete();
        return diary.note('deviceReady', { detail: 'scanner' });
      case 'lost':
        this.#state.service.set('scannerLost', true);
        return diary.note('deviceLost', { detail: `scanner ${event.reason}` });
      case 'readProblem':
        this.#screens.show('documentAgain');
        return diary.note('scannerGarbage', { detail: event.code, facts: { discardedBytes: event.discardedBytes } });
      case 'documentRead':
        return this.#documentRead(event.text);
      case 'documentRemoved':
        return;
    }
  }

  async #documentRead(text: string): Promise<void> {
    // Somebody is inside, or the lane is shut: a document on the scanner changes nothing.
    if (this.#state.run !== null || !this.#state.service.inService) return;
    const today = calendarDay(this.#services.clock.nowMs(), this.#parts.timeZone);
    const accepted = acceptDocument(text, today, this.#parts.portKey);
    if (!accepted.ok) {
      this.#screens.show('documentAgain');
      return this.#services.diary.note('documentUnreadable', {
        detail: accepted.error.problems[0] ?? 'unrecognisedFormat',
      });
    }
    this.#screens.clear();
    const run = new CrossingRun(randomUUID(), accepted.value, this.#services, {
      onChange: () => this.#runChanged(),
      onDone: (report) => void this.#crossingDone(report),
    });
    this.#state.run = run;
    run.start();
  }

  #runChanged(): void {
    const { run } = this.#state;
    const state = JSON.stringify(run?.snapshot.value ?? '');
    // The record has ended or its traveller is held: officers must see it at once.
    if (state !== this.#runState && run?.snapshot.matches('afterwards') === true) void this.#refresh();
    this.#runState = state;
    this.#screens.changed();
  }

  async #heardDoors(event: LaneControllerEvent): Promise<void> {
    const { service, run } = this.#state;
    const { diary, doors } = this.#services;
    switch (event.type) {
      case 'ready':
        this.#state.doors = event.state.doors;
        service.set('laneControllerLost', false);
        service.set('emergency', event.state.emergency);
        this.#doorsChecked();
        for (const { door } of event.state.doors) void doors.setLamp(door, 'red');
        await diary.note('deviceReady', { detail: 'laneController' });
        await this.#recover();
        return this.#startedWhenComplete();
      case 'lost':
        service.set('laneControllerLost', true);
        run?.tell({ type: 'laneControllerLost' });
        return diary.note('deviceLost', { detail: `laneController ${event.reason}` });
      case 'doorOpened':
      case 'doorClosed':
        this.#state.doors = this.#state.doors.map((door) =>
          door.door === event.door ? { ...door, open: event.type === 'doorOpened' } : door,
        );
        return this.#screens.changed();
      case 'passage':
        return this.#heardPassage(event);
      case 'zoneOccupied':
      case 'zoneVacated':
        return;
      case 'emergency':
        service.set('emergency', event.active);
        // Doors were free for everybody: an officer looks before the next traveller is let in.
        if (event.active) service.set('laneToBeChecked', true);
        if (!event.active) return;
        run?.tell({ type: 'emergencyReleased' });
        return diary.note('emergencyPressed');
      case 'fault':
        this.#state.doors = this.#state.doors.map((door) =>
          door.door === event.door ? { ...door, errorBits: event.errorBits } : door,
        );
        this.#doorsChecked();
        if (event.errorBits === 0) return;
        run?.tell({ type: 'doorFault', door: event.door });
        return diary.note('doorFault', { detail: `door ${event.door}`, facts: { errorBits: event.errorBits } });
    }
  }

  /** One broken or blocked door is enough to keep the lane shut. */
  #doorsChecked(): void {
    this.#state.service.set(
      'doorFault',
      this.#state.doors.some(({ errorBits, mode }) => errorBits !== 0 || mode === 'blocked'),
    );
  }

  async #heardPassage({ door, direction, persons }: Extract<LaneControllerEvent, { type: 'passage' }>): Promise<void> {
    const { run } = this.#state;
    const { diary } = this.#services;
    const expected = run?.expects(door, direction) ?? false;
    const recordId = run?.recordId ?? null;
    run?.tell({ type: 'passage', door, direction, persons });
    if (persons > 1) await diary.note('tailgating', { recordId, detail: `door ${door}`, facts: { persons } });
    if (!expected) await diary.note('unexpectedPassage', { recordId, detail: `door ${door} ${direction}` });
  }

  async #crossingDone(report: CrossingReport): Promise<void> {
    this.#state.run = null;
    const { ending, unwritten } = report.output;
    if (ending?.state === 'referred' && ending.code === 'frozenVideo')
      await this.#services.diary.note('frozenVideo', { recordId: report.recordId });
    if (ending?.state === 'referred' && ending.code === 'cameraFailed') await this.#cameraFailed(report.recordId);
    if (unwritten) this.#state.service.set('recoveryPending', true);
    this.#screens.show(
      ending?.state === 'passed' ? 'thankYou' : ending?.state === 'abandoned' ? 'goBack' : 'seeOfficer',
    );
    for (const dispatcher of this.#dispatchers) dispatcher.wake();
    await this.#refresh();
    this.#listener.onCrossing(report);
    if (unwritten) await this.#recover();
  }

  async #cameraFailed(recordId: string): Promise<void> {
    this.#state.service.set('cameraFailed', true);
    this.#probe.start();
    await this.#services.diary.note('cameraFailed', { recordId });
  }

  async #recover(): Promise<void> {
    if (this.#recovering || this.#closed || this.#state.run !== null) return;
    this.#recovering = true;
    const { laneId, store, doors, diary } = this.#services;
    const ended = await endOrphans({ laneId, store, doors, diary });
    this.#recovering = false;
    if (ended.ok) {
      if (ended.value.somebodyMayBeInside) this.#state.service.set('laneToBeChecked', true);
      this.#state.service.set('recoveryPending', false);
      return this.#refresh();
    }
    // The lane controller tells by itself when it is back; a store, and a door with somebody in it, have to be asked again.
    if (ended.error.code === 'doorOccupied') this.#later(this.#parts.delays.storeRetry, () => void this.#recover());
    else if (ended.error.code !== 'laneControllerAway') this.storeFailed();
  }

  async #tryStore(): Promise<void> {
    const written = await this.#services.store.audit({
      event: 'storeRecovered',
      recordId: null,
      owner: 'port',
      facts: {},
    });
    if (!written.ok) return this.#later(this.#parts.delays.storeRetry, () => void this.#tryStore());
    this.#state.service.set('storeFailed', false);
    await this.#recover();
    // With a traveller held inside there is nothing to recover yet, but their officer must see them.
    await this.#refresh();
  }

  /** Referrals and figures from the store, after anything that may have changed them. */
  async #refresh(): Promise<void> {
    const { store, laneId, clock } = this.#services;
    const midnight = new Date(clock.nowMs());
    midnight.setHours(0, 0, 0, 0);
    const [, figures] = await Promise.all([
      this.#state.referrals.refresh(this.#state.run),
      store.figures(laneId, midnight.toISOString()),
    ]);
    if (figures.ok) this.#state.figures = figures.value;
    this.#screens.changed();
  }

  #serviceChanged({ inService, reasons }: ServiceChange): void {
    if (inService) void this.#services.diary.note('laneInService');
    else if (reasons.length === 1 && !this.#state.service.has('starting'))
      void this.#services.diary.note('laneOutOfService', { detail: reasons[0] ?? '' });
    this.#screens.changed();
  }

  #later(delayMs: number, act: () => void): void {
    const cancel = this.#services.clock.after(delayMs, () => {
      this.#cancelTimers.delete(cancel);
      act();
    });
    this.#cancelTimers.add(cancel);
  }
}
