import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capturePolicy } from '../../models/face/capture-policy.ts';
import { FaceEngine } from '../../models/face/face-engine.ts';
import { activeModel, readManifest } from '../../models/manifest.ts';
import { LineStreamScanner } from '../../native-bridge/devices/line-stream-scanner.ts';
import { laneControllerTimes, ModbusLaneController } from '../../native-bridge/devices/modbus-lane-controller.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { LOT_TURNSTILE } from '../../native-bridge/protocol/turnstile-map.ts';
import { eightNoneOne, serialOpener } from '../../native-bridge/transport/serial-link.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ControlKeys, loadControlKeys } from '../controls/embedded/control-keys.ts';
import { type EmbeddedControl, openEmbeddedControl } from '../controls/embedded/embedded-control.ts';
import { openReasonReader } from '../controls/reason.ts';
import { parseRuleSet } from '../controls/rules/rule-set.ts';
import { loadOrCreateKeyFile } from '../crypto/key-files.ts';
import { DEFAULT_CROSSING_DELAYS } from '../domain/crossing/delays.ts';
import { openSqliteRecordStore } from '../record/sqlite/client.ts';
import { CaptureDesk } from './capture-desk.ts';
import { type Clock, systemClock } from './clock.ts';
import { Diary } from './diary.ts';
import { EnrolmentStore } from './enrolment-store.ts';
import { FaceHolder } from './face-holder.ts';
import { Lane, type LaneListener } from './lane.ts';
import type { LaneProfile } from './lane-profile.ts';
import { ReopeningStore } from './reopening-store.ts';

const RETRY_MS = 2_000;

export interface OpenLaneOptions {
  readonly profile: LaneProfile;
  readonly listener: LaneListener;
  readonly restarts: number;
  readonly clock?: Clock;
}

export interface OpenedLane {
  readonly lane: Lane;
  /** For loading entitlements: the embedded controls of this lane. */
  readonly controls: Readonly<Record<Side, EmbeddedControl>>;
  readonly enrolment: EnrolmentStore;
  close(): Promise<void>;
}

export interface OpenLaneError {
  readonly code: string;
  readonly detail: string;
}

/** The lane's composition root: makes every concrete part from the profile. What may come later (models, record) is tried again. */
export async function openLane({
  profile,
  listener,
  restarts,
  clock = systemClock,
}: OpenLaneOptions): Promise<Result<OpenedLane, OpenLaneError>> {
  const keys = openKeys(profile.dataFolder);
  if (!keys.ok) return keys;
  const controls = await openControls(profile, keys.value.controls, clock);
  if (!controls.ok) return controls;
  const { portKey } = keys.value;
  const enrolment = EnrolmentStore.open(join(profile.dataFolder, 'enrolment.sqlite'), keys.value.enrolmentKey, portKey);
  if (!enrolment.ok) return err({ code: enrolment.error.code, detail: 'enrolment' });

  const controlKeys = { exit: [keyOf(keys.value.controls.exit)], entry: [keyOf(keys.value.controls.entry)] };
  const store = new ReopeningStore(
    () =>
      openSqliteRecordStore({
        path: join(profile.dataFolder, 'record.sqlite'),
        laneSigningKey: { file: join(profile.dataFolder, 'keys', 'lane-signing.pem') },
        controlKeys,
        clock: () => new Date(clock.nowMs()),
      }),
    clock,
    RETRY_MS,
  );
  await store.start();

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
  const capture = new CaptureDesk({
    matcher: face,
    policy,
    modelId: activeModel(manifest.value, 'recogniser').id,
    clock,
    cameraSilenceMs: profile.delays.cameraSilence,
    onCamera: (on) => lane.camera(on),
  });
  const diary = new Diary(
    store,
    clock,
    () => lane.changed(),
    () => lane.storeFailed(),
  );
  const lane: Lane = new Lane(
    {
      services: {
        laneId: profile.laneId,
        topology: profile.topology,
        direction: profile.direction,
        delays: {
          ...DEFAULT_CROSSING_DELAYS,
          ...definedDelays(profile),
          controlDeadline: profile.delays.controlDeadline,
        },
        doors: openDoors(profile),
        store,
        enrolment: enrolment.value,
        controls: controls.value,
        controlKeys,
        capture,
        diary,
        clock,
      },
      scanner: new LineStreamScanner({
        opener: serialOpener(profile.scanner.path, eightNoneOne(profile.scanner.baudRate)),
        timing: systemTiming,
      }),
      readers: {
        exit: openReasonReader('exit', keys.value.controls.exit.sealingPem),
        entry: openReasonReader('entry', keys.value.controls.entry.sealingPem),
      },
      portKey,
      delays: {
        showEnd: profile.delays.showEnd,
        cameraProbe: profile.delays.cameraProbe,
        cameraLook: profile.delays.cameraSilence,
        storeRetry: RETRY_MS,
      },
      restarts,
    },
    listener,
  );
  await face.start();
  await lane.start();
  return ok({
    lane,
    controls: controls.value,
    enrolment: enrolment.value,
    close: async () => {
      await lane.close();
      await face.close();
    },
  });
}

interface Keys {
  /** Shared by the lanes of a port: document and profile digests are made with it. */
  readonly portKey: Uint8Array;
  readonly enrolmentKey: Uint8Array;
  readonly controls: Readonly<Record<Side, ControlKeys>>;
}

/** Each side's keys lie in a folder of its own, so that they can be moved to that side's own machine. */
function openKeys(dataFolder: string): Result<Keys, OpenLaneError> {
  const portKey = loadOrCreateKeyFile(join(dataFolder, 'keys', 'port-document.hex'), 'secret');
  const enrolmentKey = loadOrCreateKeyFile(join(dataFolder, 'keys', 'enrolment.hex'), 'secret');
  const exit = loadControlKeys(join(dataFolder, 'exit'), 'exit');
  const entry = loadControlKeys(join(dataFolder, 'entry'), 'entry');
  for (const loaded of [portKey, enrolmentKey, exit, entry]) {
    if (!loaded.ok) return err({ code: loaded.error.code, detail: loaded.error.path });
  }
  if (!portKey.ok || !enrolmentKey.ok || !exit.ok || !entry.ok)
    return err({ code: 'keyFileFailed', detail: dataFolder });
  return ok({
    portKey: portKey.value.key,
    enrolmentKey: enrolmentKey.value.key,
    controls: { exit: exit.value, entry: entry.value },
  });
}

function keyOf({ signingKey }: ControlKeys): { keyId: string; raw: string } {
  return { keyId: signingKey.keyId, raw: signingKey.publicKeyRaw };
}

async function openControls(
  profile: LaneProfile,
  keys: Readonly<Record<Side, ControlKeys>>,
  clock: Clock,
): Promise<Result<Record<Side, EmbeddedControl>, OpenLaneError>> {
  const open = async (side: Side): Promise<Result<EmbeddedControl, OpenLaneError>> => {
    const rules = readRules(profile.controls[side].rules);
    if (!rules.ok) return rules;
    const { signingKey, sealTo, secret } = keys[side];
    const opened = await openEmbeddedControl({
      side,
      dataDir: join(profile.dataFolder, side),
      rules: rules.value,
      signingKey,
      sealTo,
      secret,
      clock,
    });
    return opened.ok ? opened : err({ code: opened.error.code, detail: `${side} control` });
  };
  const [exit, entry] = [await open('exit'), await open('entry')];
  if (!exit.ok) return exit;
  if (!entry.ok) return entry;
  return ok({ exit: exit.value, entry: entry.value });
}

function readRules(
  path: string,
): Result<Extract<ReturnType<typeof parseRuleSet>, { ok: true }>['value'], OpenLaneError> {
  try {
    const rules = parseRuleSet(JSON.parse(readFileSync(path, 'utf8')));
    return rules.ok ? rules : err({ code: 'rulesInvalid', detail: path });
  } catch (cause) {
    return err({
      code: 'rulesUnreadable',
      detail: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    });
  }
}

function openDoors(profile: LaneProfile): ModbusLaneController {
  const units = profile.topology === 'threeDoor' ? [1, 2, 3] : [1, 2];
  return new ModbusLaneController({
    opener: serialOpener(profile.laneController.path, eightNoneOne(profile.laneController.baudRate)),
    timing: systemTiming,
    map: LOT_TURNSTILE,
    units,
    times: { ...laneControllerTimes(LOT_TURNSTILE), slowPollMs: profile.delays.doorPoll },
  });
}

function definedDelays({ delays }: LaneProfile): Partial<typeof DEFAULT_CROSSING_DELAYS> {
  const known = Object.keys(DEFAULT_CROSSING_DELAYS);
  return Object.fromEntries(
    Object.entries(delays).filter(([name, value]) => known.includes(name) && value !== undefined),
  );
}
