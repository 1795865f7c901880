import { join } from 'node:path';
import { capturePolicy } from '../../models/face/capture-policy.ts';
import { FaceEngine } from '../../models/face/face-engine.ts';
import { activeModel, readManifest } from '../../models/manifest.ts';
import { type FittedDevices, type FittingOptions, fitDevices } from '../../native-bridge/devices/fitted-devices.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { Control } from '../controls/control.ts';
import { startOutcomeInquiry } from '../controls/inquiry/outcome-inquiry.ts';
import { openReasonReader } from '../controls/reason.ts';
import { loadSealingKey } from '../crypto/sealing.ts';
import { outcomeOf } from '../record/outcome.ts';
import { RetentionJob } from '../record/retention-job.ts';
import { Accessories } from './accessories.ts';
import { CaptureDesk } from './capture-desk.ts';
import { type Clock, systemClock } from './clock.ts';
import { Closure } from './closure.ts';
import { ControlKeyring } from './control-keyring.ts';
import type { DiagnosticsDesk } from './diagnostics/desk.ts';
import { LaneWatch, openDiagnostics } from './diagnostics/open-diagnostics.ts';
import { Diary } from './diary.ts';
import { EnrolmentStore } from './enrolment-store.ts';
import { FaceHolder } from './face-holder.ts';
import type { HomeStore } from './hub-link/home-store.ts';
import type { HubLink } from './hub-link/hub-link.ts';
import { Lane } from './lane.ts';
import { embeddedOf, type LaneControl, openLaneControls } from './lane-controls.ts';
import { crossingDelaysOf } from './lane-delays.ts';
import { type OpenLaneError, openLaneKeys } from './lane-keys.ts';
import type { LaneListener, LaneParts } from './lane-parts.ts';
import type { LaneProfile } from './lane-profile.ts';
import { chipWaitMs, openChip } from './open-chip.ts';
import { openHubLink } from './open-hub-link.ts';
import { openRecord } from './open-record.ts';
import { ReceiptKeys } from './receipt-keys.ts';
import { ReferralMaterials } from './referral-material.ts';
import type { LaneStore } from './reopening-store.ts';
import { withSecondLook } from './second-look.ts';
import { Timers } from './timers.ts';
import { watchedMatcher } from './watched-matcher.ts';

const RETRY_MS = 2_000;
const DEVICE_START_MS = 3_000;
/** From our clock to the unit's own. */
const GRANT_LATENCY_MS = 1_000;

export interface OpenLaneOptions {
  readonly profile: LaneProfile;
  readonly listener: LaneListener;
  readonly restarts: number;
  readonly clock?: Clock;
  /** Puts something else in a control's place: a remote one, or a faulty one to see what the lane makes of it. */
  readonly replaceControl?: (side: Side, control: Control) => Control;
  /** How the devices are polled and judged, where it differs from what the drivers do by themselves. */
  readonly fitting?: FittingOptions;
  /** Of the running program, for reports. */
  readonly software?: string;
  /** How to turn the lane round, where it is fitted for both directions. */
  readonly reversal?: LaneParts['reversal'];
}

export interface OpenedLane {
  readonly lane: Lane;
  /** The embedded ones among them can be loaded with entitlements. */
  readonly controls: Readonly<Record<Side, LaneControl>>;
  readonly enrolment: EnrolmentStore;
  /** For diagnostics: reports of every fitted device. */
  readonly devices: FittedDevices;
  readonly diary: Diary;
  readonly record: LaneStore;
  /** The technician's desk; it takes nobody in until accounts are attached. */
  readonly diagnostics: DiagnosticsDesk;
  close(): Promise<void>;
}

/** The lane's composition root: makes every concrete part from the profile. What may come later (models, record) is tried again. */
export async function openLane({
  profile,
  listener,
  restarts,
  clock = systemClock,
  replaceControl = (_side, control) => control,
  fitting = {},
  software = 'unknown',
  reversal = null,
}: OpenLaneOptions): Promise<Result<OpenedLane, OpenLaneError>> {
  const devices = fitDevices(profile.devices, profile.dataFolder, systemTiming, {
    slowPollMs: profile.delays.doorPoll,
    fastPollMs: profile.delays.openDoorPoll,
    ...fitting,
  });
  if (!devices.ok) return devices;
  const { passTimeS } = profile.devices.laneController;
  const keys = openLaneKeys(profile.dataFolder);
  if (!keys.ok) return keys;
  const receiptKeys = ReceiptKeys.open(join(profile.dataFolder, 'keys', 'receipt-keys.json'), keys.value.signing);
  const controls = await openLaneControls(
    profile,
    keys.value.controls,
    clock,
    ({ side, recordId, code }) => {
      void diary.note(code, { recordId, owner: side });
    },
    receiptKeys.keys,
  );
  if (!controls.ok) return controls;
  const { portKey } = keys.value;
  const enrolment = EnrolmentStore.open(join(profile.dataFolder, 'enrolment.sqlite'), keys.value.enrolmentKey, portKey);
  if (!enrolment.ok) return err({ code: enrolment.error.code, detail: 'enrolment' });

  const chip = openChip(profile.chip, profile.dataFolder, devices.value.chipReader, clock);
  if (!chip.ok) return chip;

  const timers = new Timers(clock);
  const keyring = new ControlKeyring(controls.value, join(profile.dataFolder, 'keys'), timers, {
    onKeys: (side, known) => {
      void local.learnControlKeys(known);
      if (controls.value[side].embedded === null)
        void diary.note('keyRotated', { owner: side, detail: `${side} control` });
    },
    onKnown: (all) => lane.controlKeysKnown(all),
  });
  const controlKeys = keyring.keys;
  const record = await openRecord({
    profile,
    controlKeys,
    receiptKeys,
    clock,
    retryMs: RETRY_MS,
    software,
    onHome: (state) => lane.homeChanged(state),
    onCopies: (kept) => {
      if (!kept) void diary.note('copyFailed');
    },
    onMerge: (refusal) =>
      void (refusal === null ? diary.note('recordsMerged') : diary.note('mergeRefused', { detail: refusal })),
  });
  if (!record.ok) return record;
  const { store, local, home } = record.value;

  const manifest = await readManifest();
  if (!manifest.ok) return err({ code: manifest.error.code, detail: 'model manifest' });
  const policy = capturePolicy(manifest.value);
  const face = new FaceHolder(
    () =>
      FaceEngine.start({
        threads: profile.face.threads,
        ...(profile.face.modelFolder === null ? {} : { modelRoot: profile.face.modelFolder }),
      }),
    clock,
    RETRY_MS,
    (event) => lane.faceEvent(event),
  );
  const captureDesk = new CaptureDesk({
    matcher: watchedMatcher(face, (assessment, height) => accessories.saw(assessment, height)),
    policy,
    modelId: activeModel(manifest.value, 'recogniser').id,
    clock,
    // Read at each look: a technician may change it.
    get cameraSilenceMs() {
      return laneDelays.cameraLook;
    },
    onCamera: (mode) => {
      accessories.capturing(mode !== 'off');
      lane.camera(mode);
    },
    onPictures: (recordId, pictures) => materials.hold(recordId, pictures),
  });
  const materials = new ReferralMaterials({
    store,
    keys: {
      exit: loadSealingKey(keys.value.controls.exit.sealingPem),
      entry: loadSealingKey(keys.value.controls.entry.sealingPem),
    },
    onChange: () => lane.changed(),
  });
  const diary = new Diary(
    store,
    clock,
    () => lane.changed(),
    () => lane.storeFailed(),
  );
  const watch = new LaneWatch(devices.value, clock);
  const accessories = new Accessories(devices.value, profile.devices, clock, diary);
  const { faceCamera } = devices.value;
  const capture = withSecondLook(captureDesk, faceCamera, profile.devices, clock, policy.hintHoldMs, (result) =>
    accessories.heard('faceCamera', result),
  );
  let desk: DiagnosticsDesk | null = null;
  let link: HubLink | null = null;
  const crossingDelays = crossingDelaysOf(
    profile.delays,
    passTimeS,
    chipWaitMs(devices.value.chipReader !== null, profile.chip),
  );
  const laneDelays = {
    showEnd: profile.delays.showEnd,
    cameraProbe: profile.delays.cameraProbe,
    cameraLook: profile.delays.cameraSilence,
    storeRetry: RETRY_MS,
    deviceStart: DEVICE_START_MS,
  };
  const lane: Lane = new Lane(
    {
      services: {
        laneId: profile.laneId,
        topology: profile.topology,
        direction: profile.direction,
        delays: crossingDelays,
        doors: watch.doors,
        grantLifeMs: passTimeS * 1_000 + GRANT_LATENCY_MS,
        store,
        enrolment: enrolment.value,
        controls: {
          exit: replaceControl('exit', controls.value.exit.control),
          entry: replaceControl('entry', controls.value.entry.control),
        },
        controlKeys,
        capture,
        chip: chip.value.service,
        diary,
        clock,
      },
      devices: devices.value,
      readers: {
        exit: openReasonReader('exit', keys.value.controls.exit.sealingPem),
        entry: openReasonReader('entry', keys.value.controls.entry.sealingPem),
      },
      materials,
      allowLaneOnly: allowanceOf(profile, home),
      reversal,
      closure: Closure.open(join(profile.dataFolder, 'closed-by-officer.json')),
      portKey,
      timeZone: profile.timeZone,
      delays: laneDelays,
      isTestDocument: (digest) => desk?.isTestDocument(digest) ?? false,
      onLowPosition: (low) => accessories.lowPosition(low),
      restarts,
    },
    {
      ...listener,
      onSupervisorView: (view) => {
        listener.onSupervisorView(view);
        link?.show(view);
      },
      onTravellerView: (view) => {
        listener.onTravellerView(view);
        accessories.shown(view, lane.inside.doors);
        desk?.changed();
      },
    },
  );
  // Before the lane starts: its settings are in force, and a lane that a technician had when the process ended stays theirs.
  const diagnostics = await openDiagnostics({
    profile,
    devices: devices.value,
    watch,
    lane: lane.inside,
    diary,
    clock,
    portKey,
    live: { crossing: crossingDelays, lane: laneDelays, policy, accessories },
    software,
    onView: (view) => listener.onDiagnosticsView?.(view),
  });
  if (!diagnostics.ok) return diagnostics;
  desk = diagnostics.value;
  const retention = new RetentionJob({
    record: local,
    audit: (entry) => store.audit(entry),
    controls: embeddedOf(controls.value),
    keepDays: profile.keepDays,
    clock,
  });
  const linked = openHubLink({
    profile,
    officers: lane.officers,
    controls: { exit: controls.value.exit.embedded, entry: controls.value.entry.embedded },
    enrolment: enrolment.value,
    importTrust: chip.value.importTrust,
    home,
    diary,
    clock,
  });
  if (!linked.ok) return linked;
  link = linked.value;
  await keyring.start();
  await face.start();
  await lane.start();
  retention.start();
  link?.start();
  // A control here that never heard what became of its clear asks the record's home, wherever that is.
  const inquiries = embeddedOf(controls.value).map((control) =>
    startOutcomeInquiry({
      control,
      home: { outcome: async (recordId) => outcomeOf(await store.read(recordId)) },
      clock,
    }),
  );
  void home?.mergeNow();
  return ok({
    lane,
    controls: controls.value,
    enrolment: enrolment.value,
    devices: devices.value,
    diary,
    record: store,
    diagnostics: diagnostics.value,
    close: async () => {
      timers.close();
      await Promise.all(inquiries.map((inquiry) => inquiry.stop()));
      await link?.close();
      await retention.stop();
      await diagnostics.value.close();
      accessories.close();
      await lane.close();
      await face.close();
      chip.value.close();
    },
  });
}

/** An officer's consent to go on without the hub, where the port's policy knows it. */
function allowanceOf(profile: LaneProfile, home: HomeStore | null): ((officer: string) => Promise<boolean>) | null {
  if (home === null || profile.home.kind !== 'hub' || profile.home.whenGone !== 'laneOnly') return null;
  return async (officer) => (await home.allowLaneOnly(officer)).ok;
}
