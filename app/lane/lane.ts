import { randomUUID } from 'node:crypto';
import type { DocumentScanner, DocumentScannerEvent } from '../../native-bridge/ports/document-scanner.ts';
import type { DoorState, LaneControllerEvent } from '../../native-bridge/ports/lane-controller.ts';
import type { Owner, ReferralCode, ResolutionAction } from '../contract/crossing.ts';
import type { ToLane } from '../contract/lane-messages.ts';
import type { SupervisorAction, SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { CameraFrame, TravellerAction, TravellerView } from '../contract/traveller-view.ts';
import { lastDoorOf } from '../domain/crossing/rules.ts';
import type { DayFigures, RecordSnapshot } from '../record/store.ts';
import { acceptDocument } from './accept-document.ts';
import { CameraProbe } from './camera-probe.ts';
import { type CrossingReport, CrossingRun } from './crossing-run.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { FaceHolderEvent } from './face-holder.ts';
import { mayAct, type OpenReferral, type ReasonReaders } from './officer-desk.ts';
import { endOrphans } from './recovery.ts';
import { Service, type ServiceChange } from './service.ts';
import { supervisorView, travellerView } from './views.ts';

export interface LaneParts {
  readonly services: Omit<CrossingServices, 'onStoreFailed' | 'onSoftwareFault'>;
  readonly scanner: DocumentScanner;
  readonly readers: ReasonReaders;
  readonly portKey: Uint8Array;
  readonly delays: LaneDelays;
  /** How often the process was started before this time, as its supervisor counts. */
  readonly restarts: number;
}

/** Milliseconds. */
export interface LaneDelays {
  readonly showEnd: number;
  readonly cameraProbe: number;
  readonly cameraLook: number;
  /** Between two tries to write again after the store failed. */
  readonly storeRetry: number;
}

export interface LaneListener {
  onTravellerView(view: TravellerView): void;
  onSupervisorView(view: SupervisorView): void;
  /** Each crossing, when the lane is empty again. */
  onCrossing(report: CrossingReport): void;
}

const VIEWERS: readonly Viewer[] = ['exitOfficer', 'entryOfficer', 'portSupervisor'];

/** What is shown while no crossing is under way. */
type Pause = { readonly step: 'documentAgain' | 'seeOfficer' | 'thankYou' | 'goBack' };

/** One lane: hears its devices, runs one crossing at a time, tells its screens, and keeps itself out of service while anything is wrong. */
export class Lane {
  readonly #parts: LaneParts;
  readonly #services: CrossingServices;
  readonly #listener: LaneListener;
  readonly #service: Service;
  readonly #probe: CameraProbe;
  #run: CrossingRun | null = null;
  #pause: Pause | null = null;
  #endPause: (() => void) | null = null;
  #referrals: readonly OpenReferral[] = [];
  #figures: DayFigures | null = null;
  #doors: readonly DoorState[] = [];
  #cameraOn = false;
  #sequence = 0;
  #shownSince: string;
  #shownStep = 'starting';
  #viewsQueued = false;
  #recovering = false;
  #closed = false;
  #stopRetry: (() => void) | null = null;

  constructor(parts: LaneParts, listener: LaneListener) {
    this.#parts = parts;
    this.#listener = listener;
    const { clock } = parts.services;
    this.#shownSince = new Date(clock.nowMs()).toISOString();
    this.#services = {
      ...parts.services,
      onStoreFailed: () => this.storeFailed(),
      onSoftwareFault: (error) =>
        void this.#diary.note('softwareFault', { detail: error instanceof Error ? error.name : 'unknown' }),
    };
    this.#service = new Service((change) => this.#serviceChanged(change));
    this.#probe = new CameraProbe({
      clock,
      everyMs: parts.delays.cameraProbe,
      lookMs: parts.delays.cameraLook,
      onCamera: (on) => this.camera(on),
      onWorks: () => this.#service.set('cameraFailed', false),
    });
    // Away until they say otherwise.
    this.#service.set('scannerLost', !parts.scanner.ready);
    this.#service.set('laneControllerLost', !parts.services.doors.ready);
    this.#service.set('recoveryPending', true);
  }

  get #diary(): CrossingServices['diary'] {
    return this.#parts.services.diary;
  }

  get inService(): boolean {
    return this.#service.inService;
  }

  async start(): Promise<void> {
    const { scanner, services, restarts } = this.#parts;
    scanner.subscribe((event) => void this.#heardScanner(event));
    services.doors.subscribe((event) => void this.#heardDoors(event));
    services.doors.start();
    scanner.start();
    await this.#diary.note('laneStarted');
    if (restarts > 0) await this.#diary.note('laneProcessDied', { facts: { restarts } });
    this.#service.set('starting', false);
    await this.#recover();
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
        void this.#officerActed(message.viewer, message.officer, message.action);
        break;
      // The process answers these itself.
      case 'ping':
      case 'shutdown':
        break;
    }
  }

  frame(frame: CameraFrame): void {
    this.#probe.frameSeen();
    void services(this.#parts).capture.frame(frame);
  }

  faceEvent(event: FaceHolderEvent): void {
    this.#service.set('modelRefused', event.type === 'refused');
    this.#service.set('faceEngineFailed', event.type === 'failed');
    if (event.type === 'refused') {
      const { error } = event;
      void this.#diary.note('modelRefused', { detail: 'model' in error ? `${error.code} ${error.model}` : error.code });
    } else if (event.type === 'failed') {
      void this.#diary.note('faceEngineFailed', { detail: event.status.error?.code ?? event.status.state });
    }
  }

  /** The traveller window's camera was told to run or to stop. */
  camera(on: boolean): void {
    this.#cameraOn = on;
    this.#changed();
  }

  changed(): void {
    this.#changed();
  }

  storeFailed(): void {
    if (this.#service.has('storeFailed') || this.#closed) return;
    this.#service.set('storeFailed', true);
    this.#diary.recorded('storeFailed');
    this.#retryStore();
  }

  /** Doors shut, lamps red, devices closed. A crossing under way is left to recovery: its end is not known yet. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#diary.note('laneStopped');
    this.#closed = true;
    this.#endPause?.();
    this.#stopRetry?.();
    this.#probe.stop();
    const { services, scanner } = this.#parts;
    services.capture.release();
    await Promise.all([
      scanner.close(),
      services.doors.close(),
      services.controls.exit.close(),
      services.controls.entry.close(),
    ]);
    services.enrolment.close();
    await services.store.close();
  }

  async #heardScanner(event: DocumentScannerEvent): Promise<void> {
    switch (event.type) {
      case 'ready':
        this.#service.set('scannerLost', false);
        return this.#diary.note('deviceReady', { detail: 'scanner' });
      case 'lost':
        this.#service.set('scannerLost', true);
        return this.#diary.note('deviceLost', { detail: `scanner ${event.reason}` });
      case 'readProblem':
        this.#show({ step: 'documentAgain' });
        return this.#diary.note('scannerGarbage', {
          detail: event.code,
          facts: { discardedBytes: event.discardedBytes },
        });
      case 'documentRead':
        return this.#documentRead(event.text);
      case 'documentRemoved':
        return;
    }
  }

  async #documentRead(text: string): Promise<void> {
    // Somebody is inside, or the lane is shut: a document on the scanner changes nothing.
    if (this.#run !== null || !this.#service.inService) return;
    const now = new Date(services(this.#parts).clock.nowMs());
    const today = { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
    const accepted = acceptDocument(text, today, this.#parts.portKey);
    if (!accepted.ok) {
      this.#show({ step: 'documentAgain' });
      return this.#diary.note('documentUnreadable', { detail: accepted.error.problems[0] ?? 'unrecognisedFormat' });
    }
    this.#clearPause();
    this.#run = new CrossingRun(randomUUID(), accepted.value, this.#services, {
      onChange: () => this.#changed(),
      onDone: (report) => void this.#crossingDone(report),
    });
    this.#run.start();
  }

  async #heardDoors(event: LaneControllerEvent): Promise<void> {
    switch (event.type) {
      case 'ready':
        this.#doors = event.state.doors;
        this.#service.set('laneControllerLost', false);
        this.#service.set('emergency', event.state.emergency);
        for (const { door } of event.state.doors) void services(this.#parts).doors.setLamp(door, 'red');
        await this.#diary.note('deviceReady', { detail: 'laneController' });
        return this.#recover();
      case 'lost':
        this.#service.set('laneControllerLost', true);
        this.#run?.tell({ type: 'laneControllerLost' });
        return this.#diary.note('deviceLost', { detail: `laneController ${event.reason}` });
      case 'doorOpened':
      case 'doorClosed':
        this.#doors = this.#doors.map((door) =>
          door.door === event.door ? { ...door, open: event.type === 'doorOpened' } : door,
        );
        return this.#changed();
      case 'passage':
        return this.#heardPassage(event);
      case 'zoneOccupied':
      case 'zoneVacated':
        return;
      case 'emergency':
        this.#service.set('emergency', event.active);
        if (!event.active) return;
        this.#run?.tell({ type: 'emergencyReleased' });
        return this.#diary.note('emergencyPressed');
      case 'fault':
        this.#service.set('doorFault', event.errorBits !== 0);
        if (event.errorBits === 0) return;
        this.#run?.tell({ type: 'doorFault', door: event.door });
        return this.#diary.note('doorFault', { detail: `door ${event.door}`, facts: { errorBits: event.errorBits } });
    }
  }

  async #heardPassage({ door, direction, persons }: Extract<LaneControllerEvent, { type: 'passage' }>): Promise<void> {
    const run = this.#run;
    const lastDoor = lastDoorOf(services(this.#parts).topology);
    const expected =
      run !== null && (door !== lastDoor || run.snapshot.matches('leaving') || run.snapshot.matches('settling'));
    const recordId = run?.recordId ?? null;
    run?.tell({ type: 'passage', door, direction, persons });
    if (persons > 1) await this.#diary.note('tailgating', { recordId, detail: `door ${door}`, facts: { persons } });
    if (!expected) await this.#diary.note('unexpectedPassage', { recordId, detail: `door ${door} ${direction}` });
  }

  async #crossingDone(report: CrossingReport): Promise<void> {
    this.#run = null;
    const { ending, unwritten } = report.output;
    if (ending?.state === 'referred' && (ending.code === 'cameraFailed' || ending.code === 'frozenVideo'))
      await this.#cameraFailed(ending.code, report.recordId);
    if (unwritten) this.#service.set('recoveryPending', true);
    this.#show({
      step: ending?.state === 'passed' ? 'thankYou' : ending?.state === 'abandoned' ? 'goBack' : 'seeOfficer',
    });
    await this.#refresh();
    this.#listener.onCrossing(report);
    if (unwritten) await this.#recover();
  }

  async #cameraFailed(code: ReferralCode, recordId: string): Promise<void> {
    await this.#diary.note(code === 'frozenVideo' ? 'frozenVideo' : 'cameraFailed', { recordId });
    if (code !== 'cameraFailed') return;
    this.#service.set('cameraFailed', true);
    this.#probe.start();
  }

  async #recover(): Promise<void> {
    if (this.#recovering || this.#closed || this.#run !== null) return;
    this.#recovering = true;
    const { laneId, store, doors } = services(this.#parts);
    const ended = await endOrphans({ laneId, store, doors, diary: this.#diary });
    this.#recovering = false;
    if (ended.ok) {
      this.#service.set('recoveryPending', false);
      return this.#refresh();
    }
    // The lane controller tells by itself when it is back; a store has to be asked.
    if (ended.error.code !== 'laneControllerAway') this.storeFailed();
  }

  #retryStore(): void {
    this.#stopRetry = services(this.#parts).clock.after(this.#parts.delays.storeRetry, () => void this.#tryStore());
  }

  async #tryStore(): Promise<void> {
    const written = await services(this.#parts).store.audit({
      event: 'laneStarted',
      recordId: null,
      owner: 'port',
      facts: { after: 'storeFailed' },
    });
    if (!written.ok) return this.#retryStore();
    this.#service.set('storeFailed', false);
    await this.#recover();
  }

  /** Referrals and figures from the store, after anything that may have changed them. */
  async #refresh(): Promise<void> {
    const { store, laneId, clock } = services(this.#parts);
    const midnight = new Date(clock.nowMs());
    midnight.setHours(0, 0, 0, 0);
    const [live, figures] = await Promise.all([store.live(laneId), store.figures(laneId, midnight.toISOString())]);
    if (live.ok) this.#referrals = live.value.flatMap((record) => this.#asReferral(record));
    if (figures.ok) this.#figures = figures.value;
    this.#changed();
  }

  #asReferral(record: RecordSnapshot): OpenReferral[] {
    if (record.referral === null || record.state !== 'referred') return [];
    const place = this.#run?.recordId === record.recordId ? this.#run.snapshot.context.place : 'outside';
    return [{ record, ...record.referral, place: place === 'through' ? 'outside' : place }];
  }

  async #officerActed(viewer: Viewer, officer: string, action: SupervisorAction): Promise<void> {
    switch (action.type) {
      case 'acknowledgeAlarm': {
        const alarm = this.#diary.alarms.find(({ id }) => id === action.alarmId);
        if (alarm === undefined || !mayAct(viewer, alarm.owner)) return;
        this.#diary.acknowledge(alarm.id);
        return this.#diary.note('alarmAcknowledged', {
          recordId: alarm.recordId,
          facts: { officer, alarm: alarm.event },
        });
      }
      case 'setService':
        this.#service.set('closedByOfficer', !action.inService);
        return this.#diary.note('serviceChanged', { facts: { officer, inService: action.inService } });
      case 'resolveReferral':
        return this.#resolve(viewer, officer, action.recordId, action.action, action.reasonCode);
    }
  }

  async #resolve(
    viewer: Viewer,
    officer: string,
    recordId: string,
    action: ResolutionAction,
    reasonCode: string,
  ): Promise<void> {
    const record = await services(this.#parts).store.read(recordId);
    if (!record.ok) return;
    const owner = this.#ownerOf(record.value);
    if (owner === null || !mayAct(viewer, owner)) return;
    // A refused record has ended already: what is left is a person in the lane.
    if (record.value.state === 'referred') {
      const written = await services(this.#parts).store.end(recordId, {
        type: 'resolved',
        action,
        officer,
        reasonCode,
      });
      if (!written.ok) return written.error.code === 'storeFailed' ? this.storeFailed() : undefined;
    }
    this.#diary.recorded('referralResolved', { recordId, owner, detail: action });
    if (this.#run?.recordId === recordId) this.#run.tell({ type: 'officerActed', action });
    await this.#refresh();
  }

  #ownerOf(record: RecordSnapshot): Owner | null {
    if (record.referral !== null) return record.referral.owner;
    const ending = this.#run?.recordId === record.recordId ? this.#run.snapshot.context.ending : null;
    return ending?.state === 'refused' ? ending.owner : ending === null ? null : 'port';
  }

  #serviceChanged({ inService, reasons }: ServiceChange): void {
    if (inService) void this.#diary.note('laneInService');
    else if (reasons.length === 1 && !this.#service.has('starting') && !this.#service.has('recoveryPending')) {
      void this.#diary.note('laneOutOfService', { detail: reasons[0] ?? '' });
    }
    this.#changed();
  }

  #show(pause: Pause): void {
    if (this.#run !== null) return;
    this.#clearPause();
    this.#pause = pause;
    this.#endPause = services(this.#parts).clock.after(this.#parts.delays.showEnd, () => {
      this.#pause = null;
      this.#changed();
    });
    this.#changed();
  }

  #clearPause(): void {
    this.#endPause?.();
    this.#pause = null;
  }

  #travellerActed(action: TravellerAction): void {
    if (action.type === 'cameraState') {
      services(this.#parts).capture.cameraState(action);
      this.#probe.cameraState(action);
    } else if (action.type === 'moreTime') {
      this.#run?.tell({ type: 'moreTimeAsked' });
    }
  }

  /** Views are made once for all changes of one turn of the event loop. */
  #changed(): void {
    if (this.#viewsQueued || this.#closed) return;
    this.#viewsQueued = true;
    setImmediate(() => {
      this.#viewsQueued = false;
      if (!this.#closed) this.#tellViews();
    });
  }

  #tellViews(): void {
    this.#sequence += 1;
    const shown = this.#shown();
    if (shown.step !== this.#shownStep) {
      this.#shownStep = shown.step;
      this.#shownSince = new Date(services(this.#parts).clock.nowMs()).toISOString();
    }
    const { laneId, direction, topology } = services(this.#parts);
    const common = { ...shown, laneId, direction, topology, sequence: this.#sequence, since: this.#shownSince };
    this.#listener.onTravellerView(
      travellerView({ ...common, camera: this.#cameraOn, suggestedLanguage: this.#run?.suggestedLanguage ?? null }),
    );
    for (const viewer of VIEWERS) {
      this.#listener.onSupervisorView(
        supervisorView({
          ...common,
          viewer,
          service: this.#service,
          run: this.#run,
          referrals: this.#heldAnd(this.#referrals),
          readers: this.#parts.readers,
          doors: this.#doors,
          doorsKnown: !this.#service.has('laneControllerLost'),
          scannerReady: !this.#service.has('scannerLost'),
          diary: this.#diary,
          figures: this.#figures,
        }),
      );
    }
  }

  /** Referrals as the store has them, each with where its traveller stands now. */
  #heldAnd(referrals: readonly OpenReferral[]): readonly OpenReferral[] {
    const run = this.#run;
    if (run === null) return referrals;
    const place = run.snapshot.context.place;
    return referrals.map((referral) =>
      referral.record.recordId === run.recordId
        ? { ...referral, place: place === 'through' ? 'outside' : place }
        : referral,
    );
  }

  #shown(): Pick<TravellerView, 'step' | 'stationsReached' | 'hint'> {
    const nothing = { stationsReached: 0, hint: null };
    if (this.#service.has('emergency')) return { step: 'emergency', ...nothing };
    if (this.#run !== null) return this.#run.shown;
    if (this.#pause !== null)
      return { step: this.#pause.step, stationsReached: this.#pause.step === 'thankYou' ? 5 : 0, hint: null };
    if (this.#service.has('starting')) return { step: 'starting', ...nothing };
    return { step: this.#service.inService ? 'attract' : 'outOfService', ...nothing };
  }
}

function services(parts: LaneParts): LaneParts['services'] {
  return parts.services;
}
